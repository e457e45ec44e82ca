import type { SectionBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { lines } from '../blocks.ts'

interface Left {
  organizations: string[]
  more: boolean
  /** Those of which Quay does not tell. */
  hidden: string[]
}

/** What a user leaves behind: organizations that nobody else administers, as far as they were looked at. Release 0.1.0 did not look. */
export function onlyAdminLines(only: Left | undefined, t: Translate): SectionBlock[] {
  if (!only) return []
  const { organizations, more, hidden } = only
  return lines([
    ...(organizations.length > 0
      ? [t('Nobody else administers {organizations}: then only superusers can.', { organizations: organizations.join(', ') })]
      : []),
    ...(hidden.length > 0
      ? [
          t('Quay does not show Quaymaster who administers {organizations}: the user may be the only admin there.', {
            organizations: hidden.join(', '),
          }),
        ]
      : []),
    ...(more ? [t('There are more organizations than were looked at: it may be the only admin of others.')] : []),
  ])
}
