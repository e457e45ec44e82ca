import type { Call } from './call.ts'
import { organizationOf, repositoryOf } from './lookup.ts'
import type { Namespace } from './registry.ts'
import type { Repository } from './repository-state.ts'
import { requireNamespace, requireRepository, requireUserScope } from './rights.ts'

/** Where policies hang: on an organisation, on the caller, or on a repository. All of it takes admin. */
export interface Holder {
  kind: 'namespace' | 'repository'
  policies: Namespace | Repository
  namespace: string
  /** What names the holder in a usage-log entry. */
  metadata: Record<string, unknown>
  repository: string | null
}
export type FindHolder = (call: Call) => Holder

const ofNamespace = (policies: Namespace): Holder => {
  const { name } = policies
  return { kind: 'namespace', policies, namespace: name, metadata: { namespace: name }, repository: null }
}

const organization: FindHolder = (call) => {
  requireNamespace(call, 'admin')
  return ofNamespace(organizationOf(call))
}

const self: FindHolder = (call) => ofNamespace(requireUserScope(call, 'user:admin'))

const repository: FindHolder = (call) => {
  requireRepository(call, 'admin')
  const policies = repositoryOf(call)
  const { namespace, name } = policies
  return { kind: 'repository', policies, namespace, metadata: { namespace, repo: name }, repository: `${namespace}/${name}` }
}

export const holders = { '/organization/{orgname}': organization, '/user': self, '/repository/{repository}': repository }
