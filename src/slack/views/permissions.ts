import type { Translate } from '../../core/i18n.ts'
import { code } from '../blocks.ts'

/** `• acme/web – write`, one line each; only the repository if the role was not read. */
export function repositoryRoleLines(permissions: { repository: string; role: string | undefined }[], t: Translate) {
  return permissions.map(({ repository, role }) =>
    role === undefined
      ? t('• {repository}', { repository: code(repository) })
      : t('• {repository} – {role}', { repository: code(repository), role }),
  )
}

/** The direct permissions of a robot account; undefined if Quay does not show them to the bot. */
export function robotPermissionLines(permissions: { repository: string; role: string | undefined }[] | undefined, t: Translate) {
  if (!permissions) return [t('Direct permissions: not shown to Quaymaster.')]
  return [
    t('{count, plural, =0 {No direct permissions on repositories.} other {Direct permissions:}}', {
      count: permissions.length,
    }),
    ...repositoryRoleLines(permissions, t),
  ]
}
