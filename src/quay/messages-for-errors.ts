import { inputSayings, type Saying } from './messages-for-input.ts'

// Recorded one by one (test/quay/refusal.test.ts has them all); what is missing here is passed on in Quay's words.
const sayings: Saying[] = [
  {
    words: /^Unauthorized$|^You don't have the permission to access/,
    message: 'Quay refuses this to Quaymaster itself. An operator has to look at the scopes of QUAY_TOKEN, and whose account it is.',
  },
  {
    words: /^Not Found$|^The requested URL was not found/,
    message: 'Quay has nothing of that name. Check the spelling: it may have been deleted.',
  },
  {
    words: /^System is currently read-only/,
    message: 'The whole registry is read-only for now: pulling works, and changes have to wait for its operators.',
  },
  {
    words: /^Repository is in read only or mirror mode: 1/,
    message: 'The repository is read-only. An admin lets it change again with /quay repo state.',
  },
  {
    words: /^Repository is in read only or mirror mode: 2/,
    message: 'The repository is a mirror, which only Quay itself fills. An admin ends that with /quay repo state.',
  },
  { words: /^Maximum queued build rate exceeded/, message: 'Too many builds wait in Quay already. Try again when some of them have run.' },
  {
    words: /^Build is currently running or has finished$/,
    message: 'Quay cancels only builds that wait: this one runs already, or has ended.',
  },
  {
    words: /^Cannot (?:delete|overwrite) immutable tag '(?<tag>[^']+)'/,
    message: 'The tag {tag} is immutable. An admin of the repository lets it go with /quay tag unlock.',
  },
  {
    words: /^Invalid username: (?<name>\S+)$|^Unknown user (?<other>\S+)$/,
    message: 'Quay has no account or robot {name}. Check the spelling.',
  },
  {
    words: /^No team (?<team>\S+) in organization (?<organization>\S+)$/,
    message: '{organization} has no team {team}. See /quay team list.',
  },
  { words: /^Could not find robot with specified username$/, message: 'Quay has no robot of that name. See /quay robot list.' },
  {
    words: /^Existing robot with name: (?<robot>\S+)$/,
    message: 'There is a robot {robot} already. Give it a new token with /quay robot rotate.',
  },
  {
    words: /^Robot is being used by a mirror/,
    message: 'A mirror pushes as this robot. Give the mirror another one first, with /quay mirror edit.',
  },
  {
    words: /^A user or organization with this name already exists$|^Username has already been taken by user cannot be reused/,
    message: 'An account or an organisation has this name already. Choose another one.',
  },
  {
    words: /^Email address is required$/,
    message: 'This registry requires an e-mail address. Add one with email=.',
  },
  { words: /^Email has already been used: (?<email>\S+)$/, message: 'Another account has the address {email} already.' },
  {
    words: /^Username is not available$/,
    message: 'The name belonged to something that was deleted, and Quay has not freed it yet. Try again in some hours.',
  },
  {
    words: /^Organization does not exist: (?<organization>\S+)$|^Invalid namespace requested: (?<other>\S+)$/,
    message: 'There is no organisation {organization}.',
  },
  {
    words: /^Cannot call this method on an auth-synced team$/,
    message: 'The company directory decides who is in this team: change its group there, or stop it with /quay team unsync.',
  },
  {
    words: /would remove admin ability|would no longer have admin|from their only admin team/,
    message: 'Then nobody could administer the organisation any more: Quay keeps one admin at least.',
  },
  { words: /^Namespace owner must always be admin\.?$/, message: 'Whoever owns the namespace stays admin of everything in it.' },
  {
    words: /^Cannot add robot (?<robot>\S+) under namespace (?<namespace>\S+)$/,
    message: 'The robot {robot} is not of {namespace}: Quay gives permissions only to robots of the same namespace.',
  },
  {
    words: /^Cannot resolve hostname '(?<host>[^']+)'$/,
    message: 'Quay finds no machine {host}. Check the spelling, and whether Quay reaches it.',
  },
  {
    words: /^The provided registry location is not allowed$/,
    message: 'Quay does not connect to this address: it is inside a private network.',
  },
  {
    words: /^The specified e-mail address is not authorized/,
    message: 'Quay sends no mail to an address before its owner has agreed: add it once in Quay’s pages, and Quay asks them.',
  },
  {
    words: /^Invalid webhook URL$/,
    message: 'Quay does not send to this address: it has to begin with http or https, and be of another machine than Quay’s own.',
  },
  { words: /^Existing policy with same values/, message: 'The same policy is there already.' },
  {
    words: /^Could not sync to group: Group does not exist or is empty$/,
    message: 'There is no such group in the company directory, or nobody is in it.',
  },
]

/** Calls that are known to end in an error inside Quay, and why (seen on running Quays); `status` is 500 unless it says otherwise. */
const crashes: { method: string; template: RegExp; status?: number; message: string }[] = [
  {
    method: 'GET',
    template: /\/(?:aggregate)?logs$/,
    status: 501,
    message: 'This registry keeps its usage logs where Quay cannot search them ({status}), such as Splunk. Look for them there.',
  },
  {
    method: 'DELETE',
    template: /^\/organization\/\{\w+\}\/team\/\{\w+\}$/,
    message:
      'Quay reports an internal error ({status}), as it does when a team with the role admin is deleted. Give the team the role member first; if it is not that, an operator has to look at Quay’s log.',
  },
  {
    method: 'GET',
    template: /^\/superuser\/aggregatelogs$/,
    message:
      'Quay reports an internal error ({status}), as it does for the registry’s totals over more than a month. Choose a shorter time; if it is not that, an operator has to look at Quay’s log.',
  },
  {
    method: 'POST',
    template: /^\/repository$/,
    message:
      'Quay reports an internal error ({status}), as it does when the namespace does not exist. Check its spelling; if it is not that, an operator has to look at Quay’s log.',
  },
  {
    method: 'POST',
    template: /^\/(?:repository|organization)\/\{\w+\}\/notifications?\/?$/,
    message:
      'Quay reports an internal error ({status}), as it does for an event that its release does not have. Choose another event; if it is not that, an operator has to look at Quay’s log.',
  },
  {
    method: 'POST',
    template: /^\/repository\/\{\w+\}\/mirror$/,
    message:
      'Quay reports an internal error ({status}), as it does for a start date that it cannot read, or options that its release does not have. If it is not that, an operator has to look at Quay’s log.',
  },
]

const anyCrash = { message: 'Quay reports an internal error ({status}). An operator has to look at Quay’s log.' }
// Quay's own status for a service of its that failed.
const downstream = {
  message: 'A service behind Quay, such as its security scanner, does not work ({status}). An operator has to look at it.',
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
  const names = [...message.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return Object.fromEntries(names.map((name) => [name, groups[name] ?? groups.other ?? '']))
}
