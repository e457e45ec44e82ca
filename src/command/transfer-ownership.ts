import { namespaceOf } from '../quay/names.ts'
import { granteeOf, setPermission } from '../quay/permissions.ts'
import { giveDefaultPermissions, leaveRepository } from '../quay/transfer-ownership.ts'
import type { Step } from './command.ts'

// Quay makes the bot the owner of a repository that it creates (docs/SECURITY.md rule 4). These steps transfer it to the person.

/** Grants the creator what Quay itself grants to creators. The owner of a namespace has it already. */
export function giveToCreator(repository: string, account: string): Step[] {
  const namespace = namespaceOf(repository)
  if (namespace === account) return []
  const needs: Step['permissions'] = [{ permission: 'create', object: namespace }]
  return [
    // Quay grants this to anybody who can create repositories there, so the person must still be able to.
    { ...grantStep(repository, account, 'admin'), permissions: needs },
    {
      name: { message: 'Apply the default permissions of {account} to {repository}', values: { account, repository } },
      permissions: needs,
      run: ({ quay }) => giveDefaultPermissions(quay, repository, account),
    },
  ]
}

/** A step that needs admin on the repository, and gives the role. */
export function grantStep(repository: string, name: string, role: 'read' | 'write' | 'admin'): Step {
  return {
    name: { message: 'Give {name} the role {role} on {repository}', values: { name, role, repository } },
    permissions: [{ permission: 'admin', object: repository }],
    run: ({ quay }) => setPermission(quay, repository, { ...granteeOf(name), role }),
  }
}

/** The last step removes the bot's own permission. `admins` are those that keep theirs on purpose. */
export function leaveStep(repository: string, admins: string[]): Step {
  return {
    name: { message: 'Remove Quaymaster’s own permission on {repository}', values: { repository } },
    permissions: [{ permission: 'create', object: namespaceOf(repository) }],
    run: ({ quay }) => leaveRepository(quay, repository, admins),
  }
}
