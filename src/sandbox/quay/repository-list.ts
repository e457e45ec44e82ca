import { type Call, ok, type Route, route } from './call.ts'
import { invalidRequest, refuse } from './errors.ts'
import { findNamespace, fullName } from './lookup.ts'
import { page } from './paging.ts'
import { sizeOf } from './quota-view.ts'
import type { Repository } from './repository-state.ts'
import { seconds, truthy } from './views.ts'
import { canSee } from './visibility.ts'

export const repositoryListRoutes: Route[] = [route('GET /repository', listRepositories)]

/** 100 per page. The scope does not matter here: any valid token lists all its account may see (docs/quay.md, Authentication). */
function listRepositories(call: Call) {
  const { query, world, account } = call
  const namespace = query.get('namespace')
  const [starred, withPublic] = [truthy(query.get('starred')), truthy(query.get('public'))]
  if (!namespace && !starred && !withPublic) invalidRequest(call, 'namespace, starred or public are required for this API call')
  if (starred && !account)
    refuse({ status: 400, body: { message: 'The browser (or proxy) sent a request that this server could not understand.' } })
  const found = world.registry.repositories.filter(
    (repository) =>
      (!namespace || repository.namespace === namespace) &&
      (!starred || account?.starred.includes(fullName(repository))) &&
      ((withPublic && repository.visibility === 'public') || canSee(call, repository)),
  )
  const { items, more } = page(call, found, 100)
  return ok({ repositories: items.map((repository) => listView(call, repository)), ...more })
}

function listView(call: Call, repository: Repository) {
  const { namespace, name, description, visibility, state } = repository
  const { query, world, account } = call
  const lastTag = repository.tags.at(-1)
  return {
    namespace,
    name,
    description,
    is_public: visibility === 'public',
    kind: 'image',
    state,
    ...(truthy(query.get('last_modified')) && { last_modified: lastTag ? seconds(lastTag.start) : null }),
    ...(truthy(query.get('popularity')) && { popularity: repository.pulls }),
    ...(account && { is_starred: account.starred.includes(fullName(repository)) }),
    ...(world.registry.features.QUOTA_MANAGEMENT && { quota_report: reportOf(call, repository) }),
  }
}

function reportOf(call: Call, repository: Repository) {
  const namespace = findNamespace(call.world.registry, repository.namespace)
  return { quota_bytes: sizeOf(repository), configured_quota: namespace?.quotas[0]?.limitBytes ?? null }
}
