import { entryOf } from '../../core/foreign-text.ts'

// The title of a modal is the noun in words, its submit button the verb. A word without an entry is used as typed.
const nouns: Record<string, string> = {
  repo: 'Repository',
  build: 'Build',
  mirror: 'Mirrored repository',
  robot: 'Robot account',
  team: 'Team',
  user: 'Quay account',
  org: 'Organisation',
  permission: 'Permission',
  logs: 'Usage logs',
  tag: 'Tag',
  scan: 'Security scan',
  quota: 'Quota',
  prune: 'Auto-prune policy',
  immutability: 'Immutability policy',
  'proxy-cache': 'Proxy cache',
  message: 'Message to everybody',
  'service-key': 'Service key',
  notification: 'Quay notification',
  trigger: 'Build trigger',
  request: 'Request',
  audit: 'Audit',
  subscribe: 'Subscription',
  unsubscribe: 'Subscription',
  subscription: 'Subscription',
}

const verbs: Record<string, string> = {
  logs: 'Show',
  namespace: 'Show',
  repo: 'Show',
  totals: 'Show',
  size: 'Show',
  sync: 'Synchronise',
  unsync: 'Stop synchronising',
  'can-i': 'Check',
  list: 'List',
  'logs export namespace': 'Export',
  'logs export repo': 'Export',
}

/** The title for `mirror create` is “Mirrored repository”. */
export function nounOf(name: string) {
  const [noun = ''] = name.split(' ')
  return entryOf(nouns, noun) ?? capital(noun)
}

/** The button for `mirror create` is “Create”. */
export function verbOf(name: string) {
  const verb = name.split(' ').at(-1) ?? ''
  return entryOf(verbs, name) ?? entryOf(verbs, verb) ?? capital(verb.replaceAll('-', ' '))
}

function capital(word: string) {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
