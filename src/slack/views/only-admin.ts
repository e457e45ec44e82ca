import type { SectionBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { lines } from '../blocks.ts'

/** Organizations that an account would leave without an admin, as far as they were checked. */
export function onlyAdminLines({ organizations, more }: { organizations: string[]; more: boolean }, t: Translate): SectionBlock[] {
  return lines([
    ...(organizations.length > 0
      ? [t('Nobody else administers {organizations}: then only superusers can.', { organizations: organizations.join(', ') })]
      : []),
    ...(more ? [t('There are more organizations than were looked at: it may be the only admin of others.')] : []),
  ])
}
