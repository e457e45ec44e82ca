import { namespaceOf } from '../quay/names.ts'
import { granteeOf, setPermission } from '../quay/permissions.ts'
import { giveDefaultPermissions, leaveRepository } from '../quay/transfer-ownership.ts'
import type { Step } from './command.ts'

// Quay takes the bot for the owner of a repository that it has created (docs/SECURITY.md rule 4): these steps make it the person's.

/** The creator gets what Quay gives to creators; the owner of a namespace has it already. */
export function giveToCreator(repository: string, account: string): Step[] {
  const namespace = namespaceOf(repository)
  if (namespace === account) return []
  const needs: Step['needs'] = [{ permission: 'create', object: namespace }]
  return [
    // What Quay gives to whoever may create there, at that moment.
    { ...grantStep(repository, account, 'admin'), needs },
    {
      name: { message: 'Apply the default permissions of {account} to {repository}', values: { account, repository } },
      needs,
      run: ({ quay }) => giveDefaultPermissions(quay, repository, account),
    },
  ]
}

export function grantStep(repository: string, name: string, role: 'read' | 'write' | 'admin'): Step {
  return {
    name: { message: 'Give {name} the role {role} on {repository}', values: { name, role, repository } },
    needs: [{ permission: 'admin', object: repository }],
    run: ({ quay }) => setPermission(quay, repository, { ...granteeOf(name), role }),
  }
}

/** The last step: with its own permission the bot's need of the repository ends. `admins`: who is one on purpose. */
export function leaveStep(repository: string, admins: string[]): Step {
  return {
    name: { message: 'Take Quaymaster’s own permission on {repository} away', values: { repository } },
    needs: [{ permission: 'create', object: namespaceOf(repository) }],
    run: ({ quay }) => leaveRepository(quay, repository, admins),
  }
}
