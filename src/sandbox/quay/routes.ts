import type { Route } from './call.ts'
import { configRoutes } from './config.ts'
import { logRoutes } from './logs.ts'
import { memberRoutes } from './members.ts'
import { organizationRoutes } from './organizations.ts'
import { permissionRoutes } from './permissions.ts'
import { prototypeRoutes } from './prototypes.ts'
import { repositoryRoutes } from './repositories.ts'
import { repositoryListRoutes } from './repository-list.ts'
import { teamSyncRoutes } from './team-sync.ts'
import { teamRoutes } from './teams.ts'
import { userRoutes } from './users.ts'

/** Everything the simulated Quay answers. */
export const routes: Route[] = [
  ...configRoutes,
  ...logRoutes,
  ...memberRoutes,
  ...organizationRoutes,
  ...permissionRoutes,
  ...prototypeRoutes,
  ...repositoryListRoutes,
  ...repositoryRoutes,
  ...teamRoutes,
  ...teamSyncRoutes,
  ...userRoutes,
]
