import { accountRoutes } from './account.ts'
import { appTokenRoutes } from './app-tokens.ts'
import { applicationRoutes } from './applications.ts'
import { authorizationRoutes } from './authorizations.ts'
import { buildRoutes } from './builds.ts'
import { ok, type Route, route } from './call.ts'
import { configRoutes } from './config.ts'
import { deprecatedRoutes } from './deprecated.ts'
import { discovery } from './document.ts'
import { entityRoutes } from './entities.ts'
import { immutabilityRoutes } from './immutability.ts'
import { inboxRoutes } from './inbox.ts'
import { installationRoutes } from './installation.ts'
import { logRoutes } from './logs.ts'
import { manifestRoutes } from './manifests.ts'
import { memberRoutes } from './members.ts'
import { messageRoutes } from './messages.ts'
import { mirrorHealthRoutes } from './mirror-health.ts'
import { mirrorRoutes } from './mirrors.ts'
import { namespaceNotificationRoutes } from './namespace-notifications.ts'
import { notificationRoutes } from './notifications.ts'
import { orgMirrorRoutes } from './org-mirrors.ts'
import { organizationRoutes } from './organizations.ts'
import { permissionRoutes } from './permissions.ts'
import { prototypeRoutes } from './prototypes.ts'
import { proxyCacheRoutes } from './proxy-caches.ts'
import { pruningRoutes } from './pruning.ts'
import { quotaRoutes } from './quotas.ts'
import { repositoryRoutes } from './repositories.ts'
import { repositoryListRoutes } from './repository-list.ts'
import { robotRoutes } from './robots.ts'
import { isServed } from './routing.ts'
import { searchRoutes } from './search.ts'
import { securityRoutes } from './security.ts'
import { serviceKeyRoutes } from './service-keys.ts'
import { starredRoutes } from './starred.ts'
import { tagRoutes } from './tags.ts'
import { teamSyncRoutes } from './team-sync.ts'
import { teamRoutes } from './teams.ts'
import { triggerRoutes } from './triggers.ts'
import { userRoutes } from './users.ts'
import { truthy } from './views.ts'

const areas: Route[] = [
  ...accountRoutes,
  ...appTokenRoutes,
  ...applicationRoutes,
  ...authorizationRoutes,
  ...buildRoutes,
  ...configRoutes,
  ...deprecatedRoutes,
  ...entityRoutes,
  ...immutabilityRoutes,
  ...inboxRoutes,
  ...installationRoutes,
  ...logRoutes,
  ...manifestRoutes,
  ...memberRoutes,
  ...messageRoutes,
  ...mirrorHealthRoutes,
  ...mirrorRoutes,
  ...namespaceNotificationRoutes,
  ...notificationRoutes,
  ...orgMirrorRoutes,
  ...organizationRoutes,
  ...permissionRoutes,
  ...prototypeRoutes,
  ...proxyCacheRoutes,
  ...pruningRoutes,
  ...quotaRoutes,
  ...repositoryListRoutes,
  ...repositoryRoutes,
  ...robotRoutes,
  ...searchRoutes,
  ...securityRoutes,
  ...serviceKeyRoutes,
  ...starredRoutes,
  ...tagRoutes,
  ...teamRoutes,
  ...teamSyncRoutes,
  ...triggerRoutes,
  ...userRoutes,
]

const served = new Map(areas.map((one) => [`${one.method} ${one.path}`, one]))
// What is switched off is not registered in Quay, so its own document does not know it either.
const describe: Route = route('GET /discovery', ({ world, query }) => {
  const isThere = (address: string) => {
    const one = served.get(address)
    return one !== undefined && isServed(world.registry, one)
  }
  return ok(discovery(world, truthy(query.get('internal')), isThere))
})

/** Everything the simulated Quay answers. */
export const routes: Route[] = [...areas, describe]
