import type { SectionBlock } from '@slack/types'
import { commas } from '../../core/commas.ts'
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
      ? [
          t('Nobody else is an admin of {organizations}. After this only superusers can manage it.', {
            organizations: commas(t, organizations),
          }),
        ]
      : []),
    ...(hidden.length > 0
      ? [
          t('Quay does not show Quaymaster the admins of {organizations}. The user may be the only admin there.', {
            organizations: commas(t, hidden),
          }),
        ]
      : []),
    ...(more ? [t('Not all organizations were checked. The user may be the only admin of others.')] : []),
  ])
}
