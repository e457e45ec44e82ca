import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { findRepository, fullName } from './lookup.ts'
import { page } from './paging.ts'
import { requireUserScope } from './rights.ts'

export const starredRoutes: Route[] = [
  route('GET /user/starred', listStarred),
  route('POST /user/starred', star),
  route('DELETE /user/starred/{repository}', unstar),
]

function listStarred(call: Call) {
  const { starred } = requireUserScope(call, 'user:admin')
  const found = starred.flatMap((full) => findRepository(call.world.registry, full) ?? [])
  const { items, more } = page(call, found, 100)
  const view = ({ namespace, name, description, visibility }: (typeof found)[number]) => ({
    namespace,
    name,
    description,
    is_public: visibility === 'public',
  })
  return ok({ repositories: items.map(view), ...more })
}

/** Anything that exists may be starred, seen or not: a leak in Quay itself (docs/quay.md, rights matrix 2). Of what is missing: 200 and null. */
function star(call: Call) {
  const user = requireUserScope(call, 'user:admin')
  const { namespace, repository: name } = bodyOf<{ namespace: string; repository: string }>(call)
  const repository = findRepository(call.world.registry, `${namespace}/${name}`)
  if (!repository) return ok(null)
  if (!user.starred.includes(fullName(repository))) user.starred.push(fullName(repository))
  return created({ namespace, repository: name })
}

function unstar(call: Call) {
  const user = requireUserScope(call, 'user:admin')
  user.starred = user.starred.filter((full) => full !== param(call, 'repository'))
  return noContent()
}
