import type { Translate } from '../../core/i18n.ts'
import type { Permission } from '../../quay/permissions.ts'
import { code } from '../blocks.ts'

/** `• team developers – write`, a line for each. The roles are Quay's own words. */
export function permissionLines(permissions: Permission[], t: Translate) {
  return permissions.map(({ kind, name, role }) =>
    t('• {kind, select, team {Team {name}} robot {Robot {name}} other {{name}}} – {role}', { kind, name: code(name), role }),
  )
}

/** `• acme/web – write`, a line for each. */
export function repositoryRoleLines(permissions: { repository: string; role: string }[], t: Translate) {
  return permissions.map(({ repository, role }) => t('• {repository} – {role}', { repository: code(repository), role }))
}
