import type { SectionBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { lines } from '../blocks.ts'

/** What an account leaves behind: organizations that nobody else administers, as far as they were looked at. Release 0.1.0 did not look. */
export function onlyAdminLines(only: { organizations: string[]; more: boolean } | undefined, t: Translate): SectionBlock[] {
  if (!only) return []
  const { organizations, more } = only
  return lines([
    ...(organizations.length > 0
      ? [t('Nobody else administers {organizations}: then only superusers can.', { organizations: organizations.join(', ') })]
      : []),
    ...(more ? [t('There are more organizations than were looked at: it may be the only admin of others.')] : []),
  ])
}
