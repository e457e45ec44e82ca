import type { World } from './call.ts'
import { fullName, rowsOf } from './lookup.ts'
import type { Registry } from './registry.ts'
import { uuidOf } from './seed-parts.ts'

/** Deletes a user or organisation with everything in it. Its name stays taken until Quay's collector ran (docs/quay.md, Status codes). */
export function eraseNamespace({ registry, now }: World, name: string) {
  registry.deletedNames.push(name)
  registry.users = registry.users.filter((user) => user.name !== name)
  registry.organizations = registry.organizations.filter((organization) => organization.name !== name)
  registry.repositories = registry.repositories.filter((repository) => repository.namespace !== name)
  registry.deletedRepositories = registry.deletedRepositories.filter((repository) => repository.namespace !== name)
  registry.robots = registry.robots.filter((robot) => robot.namespace !== name)
  for (const token of registry.tokens) if (token.account === name) token.revoked = true
  forget(registry, name)
  // What remains in the usage logs bears a random name, as a namespace marked for deletion does (recorded/su-logs-page).
  const marked = uuidOf(`${name} deleted at ${now()}`)
  for (const entry of registry.logs) if (entry.namespace === name) entry.namespace = marked
}

/** Takes a user or robot out of every team and permission. */
export function forget(registry: Registry, account: string) {
  for (const organization of registry.organizations) {
    for (const team of organization.teams) team.members = team.members.filter((member) => member !== account)
    organization.prototypes = organization.prototypes.filter(
      ({ delegate, activatingUser }) => delegate.name !== account && activatingUser !== account,
    )
  }
  for (const repository of rowsOf(registry)) delete repository.userPermissions[account]
  for (const user of registry.users)
    user.starred = user.starred.filter((full) => registry.repositories.some((one) => fullName(one) === full))
}

export function renameNamespace({ registry }: World, from: string, to: string) {
  for (const namespace of [...registry.users, ...registry.organizations]) if (namespace.name === from) namespace.name = to
  for (const repository of registry.repositories) if (repository.namespace === from) repository.namespace = to
  for (const robot of registry.robots.filter((one) => one.namespace === from))
    renameAccount(registry, robot.name, robot.name.replace(from, to))
  for (const robot of registry.robots.filter((one) => one.namespace === from))
    Object.assign(robot, { namespace: to, name: robot.name.replace(from, to) })
  renameAccount(registry, from, to)
  for (const token of registry.tokens) if (token.account === from) token.account = to
  for (const entry of registry.logs) {
    if (entry.namespace === from) entry.namespace = to
    if (entry.performer === from) entry.performer = to
    if (entry.repository?.startsWith(`${from}/`)) entry.repository = entry.repository.replace(from, to)
  }
}

function renameAccount(registry: Registry, from: string, to: string) {
  for (const team of registry.organizations.flatMap((organization) => organization.teams))
    team.members = team.members.map((member) => (member === from ? to : member))
  for (const { userPermissions } of registry.repositories) {
    const role = userPermissions[from]
    if (!role) continue
    delete userPermissions[from]
    userPermissions[to] = role
  }
}
