/** The groups of the help, each with its nouns: the first word of a command. */
export const nounGroups: { message: string; nouns: string[] }[] = [
  { message: 'Repositories and images', nouns: ['repo', 'tag', 'build', 'trigger', 'scan', 'logs'] },
  { message: 'Access', nouns: ['who', 'can-i', 'access', 'break-glass', 'permission', 'team', 'robot', 'org', 'request', 'whoami'] },
  { message: 'Notifications', nouns: ['subscribe', 'unsubscribe', 'subscription', 'notification'] },
  { message: 'Housekeeping', nouns: ['prune', 'immutability', 'mirror', 'proxy-cache', 'quota'] },
  { message: 'Administration', nouns: ['status', 'setup', 'user', 'message', 'service-key', 'registry', 'audit'] },
]

const order = nounGroups.flatMap(({ nouns }) => nouns)

/** Commands by their noun, in the order of the groups; a noun in no group comes last. */
export function nounsOf(names: string[]): [noun: string, names: string[]][] {
  const under = Map.groupBy(names, (name) => name.split(' ')[0] ?? name)
  const place = (noun: string) => (order.includes(noun) ? order.indexOf(noun) : order.length)
  return [...under].toSorted(([one], [other]) => place(one) - place(other))
}
