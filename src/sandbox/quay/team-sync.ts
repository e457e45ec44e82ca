import { looseBodyOf, requireJson } from './body.ts'
import { type Call, ok, type Route, route } from './call.ts'
import { invalidRequest, serverError, unauthorized } from './errors.ts'
import type { Team } from './registry.ts'
import { has } from './release.ts'
import { hasFullAccess, hasNamespaceRole, isSuperuser } from './rights.ts'
import { teamOf, teamView } from './team-view.ts'
import { log } from './usage-log.ts'
import { rfc2822OrNull } from './views.ts'

export const teamSyncRoutes: Route[] = [
  route('POST /organization/{orgname}/team/{teamname}/syncing', startSync, 'TEAM_SYNCING'),
  route('DELETE /organization/{orgname}/team/{teamname}/syncing', stopSync, 'TEAM_SYNCING'),
]

const baseDn = 'dc=quay,dc=io'
const isDirectory = (call: Call) => call.world.registry.authenticationType === 'LDAP'

function requireSyncRight(call: Call) {
  const isAdmin = hasNamespaceRole(call, call.params.orgname ?? '', 'admin')
  // Only superusers set syncing up unless the feature lets organisation admins do it too.
  if (isAdmin && (call.world.registry.features.NONSUPERUSER_TEAM_SYNCING_SETUP || isSuperuser(call))) return
  if (!hasFullAccess(call)) unauthorized(call)
}

function startSync(call: Call) {
  requireJson(call)
  requireSyncRight(call)
  const { organization, team } = teamOf(call)
  const fail = (reason: string) => invalidRequest(call, `Could not sync to group: ${reason}`)
  if (!isDirectory(call)) fail('Not supported')
  const { group_dn: group } = looseBodyOf(call)
  if (typeof group !== 'string' || group === '') return fail('Missing group_dn')
  // The name is relative to the base; an absolute one is not found (docs/quay.md, Per area).
  if (!call.world.registry.ldapGroups.includes(group)) fail('Group does not exist or is empty')
  // A real Quay breaks here: DELETE comes first (docs/quay.md, Errors).
  if (team.sync) serverError()
  team.sync = { service: 'ldap', config: { group_dn: group }, lastUpdated: null }
  log(call, 'enable_team_sync', organization.name, { team: team.name })
  return ok(teamView(call, team, false))
}

function stopSync(call: Call) {
  requireSyncRight(call)
  const { organization, team } = teamOf(call)
  delete team.sync
  log(call, 'disable_team_sync', organization.name, { team: team.name })
  return ok(teamView(call, team, false))
}

/** People come and go by the directory alone; robots may still be added (docs/quay.md, Per area). */
export function forbidSynced(call: Call, team: Team) {
  if (team.sync && isDirectory(call)) invalidRequest(call, 'Cannot call this method on an auth-synced team')
}

export function canSync(call: Call, isAdmin: boolean) {
  return isAdmin && isDirectory(call) && call.world.registry.features.TEAM_SYNCING ? { can_sync: { service: 'ldap', base_dn: baseDn } } : {}
}

export function syncView(call: Call, { sync }: Team) {
  if (!sync) return {}
  if (!has(call.world.registry, 'syncDetailsForAll') && !isSuperuser(call)) return { synced: { service: sync.service } }
  return { synced: { service: sync.service, last_updated: rfc2822OrNull(sync.lastUpdated), config: sync.config } }
}
