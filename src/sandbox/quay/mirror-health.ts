import { type Call, ok, type Route, route } from './call.ts'
import { unauthorized } from './errors.ts'
import { fullName } from './lookup.ts'
import type { Mirror, Repository } from './repository-state.ts'
import { repositoryRole, requireSuperuser } from './rights.ts'
import { isoMicroseconds, truthy } from './views.ts'
import { canSee } from './visibility.ts'

export const mirrorHealthRoutes: Route[] = [
  route('GET /superuser/mirror/health', superuserHealth, 'SUPER_USERS', 'REPO_MIRROR'),
  route('GET /repository/mirror/health', health, 'REPO_MIRROR'),
]

interface Mirrored {
  repository: Repository
  mirror: Mirror
}

const mirrored = (call: Call): Mirrored[] =>
  call.world.registry.repositories.flatMap((repository) => (repository.mirror ? [{ repository, mirror: repository.mirror }] : []))

function superuserHealth(call: Call) {
  requireSuperuser(call)
  return { ...ok(report(call, mirrored(call))), headers: { 'cache-control': 'no-cache, no-store, must-revalidate' } }
}

function health(call: Call) {
  if (!call.account) return unauthorized(call)
  const namespace = call.query.get('namespace')
  const mine = mirrored(call).filter(({ repository }) => canSee(call, repository) || repositoryRole(call, fullName(repository)))
  return ok(
    report(
      call,
      mine.filter(({ repository }) => !namespace || repository.namespace === namespace),
    ),
  )
}

function report(call: Call, found: Mirrored[]) {
  const count = (...statuses: Mirror['status'][]) => found.filter(({ mirror }) => statuses.includes(mirror.status)).length
  const now = isoMicroseconds(call.world.now())
  const neverRun = found.filter(({ mirror }) => mirror.status === 'NEVER_RUN' && truthy(call.query.get('detailed')))
  const issues = neverRun.map(({ repository }) => ({
    severity: 'warning',
    message: `Repository ${fullName(repository)} has never been synced`,
    timestamp: now,
  }))
  return {
    healthy: count('FAIL') === 0,
    workers: { active: 0, configured: 0, status: 'healthy' },
    repositories: {
      total: found.length,
      syncing: count('SYNCING'),
      completed: count('SUCCESS'),
      failed: count('FAIL'),
      never_run: count('NEVER_RUN'),
      ...(truthy(call.query.get('detailed')) && details(call, found)),
    },
    tags_pending: 0,
    last_check: now,
    issues,
  }
}

function details(call: Call, found: Mirrored[]) {
  const limit = Number(call.query.get('limit') ?? 100)
  const offset = Number(call.query.get('offset') ?? 0)
  const view = ({ repository, mirror }: Mirrored) => ({
    namespace: repository.namespace,
    repository: repository.name,
    sync_status: mirror.status,
    is_enabled: mirror.enabled,
    last_sync: null,
    retries_remaining: mirror.retriesRemaining,
  })
  return { details: found.slice(offset, offset + limit).map(view), pagination: { limit, offset, has_more: found.length > offset + limit } }
}
