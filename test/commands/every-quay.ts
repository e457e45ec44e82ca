/** A registry, and what the bot is there. README: exactly the README's token, in no organization but its own; A: in an admin team of each. */
export interface Cell {
  release: string
  fullAccess: boolean
  setup: 'README' | 'A'
}

const minorOf = ({ release }: Cell) => Number(release.split('.')[1])

/** Why the bot does not see the roles of teams in such a registry, by the tables of docs/quay.md, Releases §2. */
export function causeOf(cell: Cell): 'none' | 'flag' | 'release' {
  if (cell.setup === 'A') return 'none'
  if (!cell.fullAccess) return 'flag'
  return minorOf(cell) < 16 ? 'release' : 'none'
}

// Since which minor release there is what a command is for.
const since: [RegExp, number][] = [
  [/^immutability |^tag (un)?lock$/, 17],
  [/^prune set$/, 13],
  [/^prune /, 11],
]

/** Whether the release does not have it at all. */
export function lacks(cell: Cell, name: string) {
  return since.some(([names, first]) => names.test(name) && minorOf(cell) < first)
}

// What a person is told, by cause: it names the flag or the release, and what to do.
const sentences = {
  flag: /FEATURE_SUPERUSERS_FULL_ACCESS.*(team of role admin|org:admin)/,
  release:
    /Quay before 3\.16 does not show Quaymaster who has which role in .*\. If QUAY_TOKEN has the scopes org:admin, repo:admin and repo:create, an admin of .* can add .* to a team with the role admin\./,
}
const isLacking = /^This registry (does not offer|can only prune all tags|does not support)/
// Team synchronisation wants a real admin before 3.17.4 (docs/quay.md, Releases §1a).
const needsAdmin =
  /^Quay before 3\.17\.4 syncs a team only for admins of its organization\. If QUAY_TOKEN has the scope org:admin, an admin can add .* to a team with the role admin\./

/** Whether the sentence names why it does not work in this registry. */
export function explains(text: string, cell: Cell, name: string): boolean {
  if (lacks(cell, name) && isLacking.test(text)) return true
  // With mailing on, an organization has an address before 3.18.
  if (name === 'org create' && minorOf(cell) < 18 && text === 'This registry requires an e-mail address. Add one with email=.') return true
  // In A it is one already; with the README's token it would not help.
  if (name === 'org take-ownership')
    return cell.setup === 'A'
      ? text === 'quaymaster is already an admin of globex.'
      : text.startsWith(
          'This would not help: QUAY_TOKEN lacks the scopes org:admin, repo:admin and repo:create. An operator must renew it with these scopes first.',
        )
  // Only organizations have policies there, and acme has none: that is the truth.
  if (name === 'prune preview' && minorOf(cell) < 11 && text === 'No auto-prune policy applies to *acme/api*.') return true
  const cause = causeOf(cell)
  if (cause !== 'none') return sentences[cause].test(text)
  return /^team (un)?sync$/.test(name) && cell.setup === 'README' && minorOf(cell) < 17 && needsAdmin.test(text)
}

/** What may stand nowhere in an answer there, as it blames what is not the cause, or takes what is not shown for nothing. */
export function untrue(cell: Cell, name: string): RegExp {
  // It repeats what others were told.
  if (name === 'audit list') return /Something went wrong/
  const always = 'Something went wrong|Not everything is done|check the scopes and the user of QUAY_TOKEN|Quay says:|Unauthorized'
  const hidden =
    '|You are not a member|No repositories in|has no storage quota|can see its members|need to be a \\*member\\*|Quay gives \\S+ no permission'
  return new RegExp(causeOf(cell) === 'none' || name === 'quota delete' ? always : always + hidden)
}

/** What the document that everybody copies from does (15.4.1 to 15.4.9). */
export const seedRows = ['user list', 'user create', 'logs', 'team sync', 'build start', 'robot create', 'repo create', 'mirror create']
