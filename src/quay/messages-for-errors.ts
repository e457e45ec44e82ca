import { inputSayings, type Saying } from './messages-for-input.ts'

// Recorded one by one (test/quay/refusal.test.ts has them all); what is missing here is passed on in Quay's words.
const sayings: Saying[] = [
  {
    words: /^Unauthorized$|^You don't have the permission to access/,
    message: 'Quay refuses this to Quaymaster. An operator must check the scopes and the user of QUAY_TOKEN.',
  },
  {
    words: /^Not Found$|^The requested URL was not found/,
    message: 'Quay has nothing with that name. Check the spelling; it may have been deleted.',
  },
  {
    words: /^System is currently read-only/,
    message: 'The registry is read-only right now: images can be pulled, but nothing can be changed until its operators end this.',
  },
  {
    words: /^Repository is in read only or mirror mode: 1/,
    message: 'The repository is read-only. A repository admin can change this with {slash} repo state.',
  },
  {
    words: /^Repository is in read only or mirror mode: 2/,
    message: 'The repository is a mirror: only Quay can push to it. A repository admin can change this with {slash} repo state.',
  },
  {
    words: /^Maximum queued build rate exceeded/,
    message: 'Too many builds are queued in Quay. Try again when some of them have finished.',
  },
  {
    words: /^Build is currently running or has finished$/,
    message: 'Quay can cancel only queued builds: this one is already running or finished.',
  },
  {
    words: /^Cannot (?:delete|overwrite) immutable tag '(?<tag>[^']+)'/,
    message: 'The tag {tag} is immutable. A repository admin can make it mutable with {slash} tag unlock.',
  },
  {
    words: /^Invalid username: (?<name>\S+)$|^Unknown user (?<other>\S+)$/,
    message: 'Quay has no user or robot account {name}. Check the spelling.',
  },
  {
    words: /^No team (?<team>\S+) in organization (?<organization>\S+)$/,
    message: '{organization} has no team {team}. See {slash} team list.',
  },
  { words: /^Could not find robot with specified username$/, message: 'Quay has no robot account with that name. See {slash} robot list.' },
  {
    words: /^Existing robot with name: (?<robot>\S+)$/,
    message: 'Robot account {robot} already exists. Regenerate its token with {slash} robot rotate.',
  },
  {
    words: /^Robot is being used by a mirror/,
    message: 'A mirror uses this robot account. Set another one first with {slash} mirror edit.',
  },
  {
    words: /^A user or organization with this name already exists$|^Username has already been taken by user cannot be reused/,
    message: 'A user or organization with this name already exists. Choose another name.',
  },
  {
    words: /^Email address is required$/,
    message: 'This registry requires an e-mail address. Add one with email=.',
  },
  { words: /^Email has already been used: (?<email>\S+)$/, message: 'Another user already has the e-mail address {email}.' },
  {
    words: /^Username is not available$/,
    message: 'The name is still reserved by a deleted namespace. Try again in a few hours.',
  },
  {
    words: /^Organization does not exist: (?<organization>\S+)$|^Invalid namespace requested: (?<other>\S+)$/,
    message: 'Organization {organization} not found.',
  },
  {
    words: /^Cannot call this method on an auth-synced team$/,
    message: 'The team is synced with a group: change the members there, or stop syncing with {slash} team unsync.',
  },
  {
    words: /would remove admin ability|would no longer have admin|from their only admin team/,
    message: 'The organization would have no admin. Quay requires at least one.',
  },
  { words: /^Namespace owner must always be admin\.?$/, message: 'The owner of the namespace remains admin of everything in it.' },
  {
    words: /^Cannot add robot (?<robot>\S+) under namespace (?<namespace>\S+)$/,
    message: 'Robot account {robot} does not belong to {namespace}. Quay grants permissions only to robot accounts of the same namespace.',
  },
  {
    words: /^Cannot resolve hostname '(?<host>[^']+)'$/,
    message: 'Quay can’t find the host {host}. Check the spelling and whether Quay can reach it.',
  },
  {
    words: /^The provided registry location is not allowed$/,
    message: 'Quay does not connect to this address: it is in a private network.',
  },
  {
    words: /^The specified e-mail address is not authorized/,
    message: 'Quay sends e-mail only to confirmed addresses. Add it once in the Quay web console, and Quay asks the owner to confirm.',
  },
  {
    words: /^Invalid webhook URL$/,
    message: 'Quay can’t send to this URL: it must begin with http or https and must not be Quay itself.',
  },
  { words: /^Existing policy with same values/, message: 'The same policy already exists.' },
  {
    words: /^Could not sync to group: Group does not exist or is empty$/,
    message: 'The directory does not have this group, or the group has no members.',
  },
]

/** Calls that are known to end in an error inside Quay, and why (seen on running Quays); `status` is 500 unless it says otherwise. */
const crashes: { method: string; template: RegExp; status?: number; message: string }[] = [
  {
    method: 'GET',
    template: /\/(?:aggregate)?logs$/,
    status: 501,
    message: 'This registry keeps its usage logs where Quay can’t search them ({status}), such as Splunk. Look for them there.',
  },
  {
    method: 'DELETE',
    template: /^\/organization\/\{\w+\}\/team\/\{\w+\}$/,
    message:
      'Quay reports an internal error ({status}). This happens when a team with the role admin is deleted: change its role to member first. Otherwise an operator must check Quay’s log.',
  },
  {
    method: 'GET',
    template: /^\/superuser\/aggregatelogs$/,
    message:
      'Quay reports an internal error ({status}). This happens when the registry’s totals cover more than a month: choose a shorter period. Otherwise an operator must check Quay’s log.',
  },
  {
    method: 'POST',
    template: /^\/repository$/,
    message:
      'Quay reports an internal error ({status}). This happens when the namespace does not exist: check the spelling. Otherwise an operator must check Quay’s log.',
  },
  {
    method: 'POST',
    template: /^\/(?:repository|organization)\/\{\w+\}\/notifications?\/?$/,
    message:
      'Quay reports an internal error ({status}). This happens for an event that this release does not have: choose another event. Otherwise an operator must check Quay’s log.',
  },
  {
    method: 'POST',
    template: /^\/repository\/\{\w+\}\/mirror$/,
    message:
      'Quay reports an internal error ({status}). This happens for a start date that it can’t read, or for options that this release does not have. Otherwise an operator must check Quay’s log.',
  },
]

const anyCrash = { message: 'Quay reports an internal error ({status}). An operator must check Quay’s log.' }
// Quay's own status for a service of its that failed.
const downstream = {
  message: 'A service behind Quay, such as its security scanner, does not work ({status}). An operator must check it.',
}

/** What a person is told when a call ended in an error inside Quay. */
export function crashSaying(method: string, template: string, status: number): string {
  const known = crashes.find((one) => one.method === method && one.template.test(template) && (one.status ?? 500) === status)
  return (known ?? (status === 520 ? downstream : anyCrash)).message
}

/** What a person is told for the first line of Quay's words; undefined: the words themselves. */
export function errorMessageOf(line: string): { message: string; values: Record<string, string> } | undefined {
  for (const { words, message } of [...sayings, ...inputSayings]) {
    const found = words.exec(line)
    if (found) return { message, values: valuesOf(message, found.groups ?? {}) }
  }
  return undefined
}

/** The values that the message names; one that Quay words in two ways is in whichever group matched. */
function valuesOf(message: string, groups: Record<string, string | undefined>) {
  const names = [...message.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).filter((name) => name !== 'slash')
  return Object.fromEntries(names.map((name) => [name, groups[name] ?? groups.other ?? '']))
}
