import { commands } from '../../src/command/registry.ts'
import { uuidOf } from '../../src/sandbox/quay/seed-parts.ts'

export interface Entry {
  /** Somebody who may run it, by the least right where there are several. */
  by: 'alice' | 'bea' | 'dora'
  /** What they type behind its name. */
  words: string
  /** What they read. */
  says: RegExp
  /** It asks Quay nothing but who somebody is, so that nothing of Quay's could fail under it. */
  aboutTheBot?: true
  /** What they read when the answer to its first call was lost, where that is not the same. */
  lost?: RegExp
  /** What has to be typed before; NEXT is another name each time. REQUEST in the words is the request that it made. */
  first?: string
  /** Where it is typed, if not in general, in which people of another workspace read. */
  channel?: string
  /** What its modal is filled with where it takes a credential, for which CANARY stands. */
  modal?: Record<string, string>
}

// Quay lets no tag live for more than two years.
const inThirtyDays = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
const archive = 'https://downloads.example.com/api.tar.gz'
const ended = uuidOf('build of api latest complete')
const trigger = uuidOf('trigger of acme/api')
const notification = uuidOf('notification')
const signIn = { external_reference: 'quay.io/minio/mc', username: 'acme', password: 'CANARY' }

type Line = [by: Entry['by'], words: string, says: RegExp, more?: Partial<Entry>]
const aboutTheBot = { aboutTheBot: true } as const
const subscribed = { aboutTheBot: true, first: '/quay subscribe acme/api', channel: 'acme-dev' } as const
const granted = { first: '/quay permission grant acme/shop hana read for=1h' } as const
const request = { aboutTheBot: true, first: '/quay repo create globex/NEXT reason="for the table"' } as const

const lines: Record<string, Line> = {
  'access end': ['bea', 'GRANT', /what was given for a while has ended\.$/, granted],
  'access list': ['bea', 'acme/shop', /^(Given for a while|Nothing is given for a while)/],
  'audit list': ['dora', '', /^The record, the newest first:/, aboutTheBot],
  'audit verify': ['dora', '', / pending\.$/, aboutTheBot],
  'break-glass': ['dora', 'acme/shop write reason="for the table"', /^You have \*write\* on `acme\/shop` now\.$/],
  'build cancel': ['bea', `acme/api ${uuidOf('waiting')}`, /^Cancelled the build/],
  'build list': ['alice', 'acme/api', /^Latest builds of \*acme\/api\*/],
  'build logs': ['alice', `acme/api ${ended}`, /^Log of the build of .*: succeeded$/],
  'build retry': ['alice', `acme/api ${ended}`, /waits for a builder/],
  'build show': ['alice', `acme/api ${ended}`, /acme\/api> succeeded/],
  'build start': ['alice', `acme/api ${archive}`, /waits for a builder/],
  'can-i': ['alice', 'write acme/api', /^Yes, you have \*write\* on `acme\/api`\.$/],
  help: ['alice', '', /^You are \*alice\* in Quay\./, aboutTheBot],
  'immutability delete': ['bea', 'acme/api ^v1', /^\*acme\/api\* has no immutability policy `\^v1` any more\.$/],
  'immutability list': ['bea', 'acme/api', /^1 immutability policy of \*acme\/api\*$/],
  'immutability set': [
    'bea',
    'acme/api ^release-',
    /^\*acme\/api\* has an immutability policy now\.$/,
    { lost: /has this policy already\.$/ },
  ],
  logs: ['dora', '', /^Usage logs of the registry/],
  'logs export': ['dora', '2026-11-01 2026-11-07', /come by direct message/, aboutTheBot],
  'logs export namespace': ['bea', 'acme 2026-11-01 2026-11-07', /come by direct message/],
  'logs export repo': ['bea', 'acme/api 2026-11-01 2026-11-07', /come by direct message/],
  'logs namespace': ['bea', 'acme', /^Usage logs of/],
  'logs repo': ['bea', 'acme/api', /^Usage logs of/],
  'logs totals': ['dora', '', /^What was done in the registry/],
  'logs totals namespace': ['bea', 'acme', /^What was done in \*acme\*/],
  'logs totals repo': ['bea', 'acme/api', /^What was done in \*acme\/api\*/],
  'message create': ['dora', '"Maintenance tonight"', /^Quay tells everybody:$/],
  'message delete': ['dora', uuidOf('message'), /^Took the message .* back\.$/],
  'message list': ['alice', '', /^Quay tells everybody this:$/],
  'mirror cancel': ['bea', 'acme/syncing', /^Cancelled the run of the mirror/],
  'mirror create': ['bea', 'acme/mc quay.io/minio/mc', /^Created <.*> to mirror/, { modal: { repository: 'acme/mc', ...signIn } }],
  'mirror edit': ['bea', 'acme/mirrored interval=1h', /^Changed the mirror/, { modal: { repository: 'acme/mirrored', ...signIn } }],
  'mirror show': ['bea', 'acme/mirrored', /^Mirror <.*\|acme\/mirrored> of/],
  'mirror sync': ['bea', 'acme/mirrored', /^The mirror \*acme\/mirrored\* runs/],
  'notification create': [
    'bea',
    'acme/api repo_push email email=bea@example.com',
    /^Quay sends a notification out of/,
    { modal: { repository: 'acme/api', event: 'repo_push', method: 'webhook', url: 'https://hooks.example.com/CANARY' } },
  ],
  'notification delete': ['bea', `acme/api ${notification}`, /^Deleted the notification/],
  'notification list': ['bea', 'acme/api', /^1 notification of \*acme\/api\*$/],
  'notification reset': [
    'bea',
    `acme/api ${notification}`,
    /It had failed 3 times\.$/,
    { lost: /has not failed: Quay sends it as it is\.$/ },
  ],
  'notification test': ['bea', `acme/api ${notification}`, /^Quay sends an example/],
  'org create': ['alice', 'initech', /^Created the organisation/],
  'org delete': ['bea', 'acme', /^Deleted the organisation `acme`\.$/],
  'org list': ['dora', '', /^Organisations of the registry$/],
  'org members': ['bea', 'acme', /^Members of \*acme\*$/],
  'org take-ownership': ['dora', 'globex', /^`quaymaster` is an admin of `globex` now\.$/],
  'org show': ['alice', 'acme', /^Organisation <.*\|acme>$/],
  'permission default create': ['bea', 'acme team:frontend read', /gets \*read\* on every new repository/],
  'permission default delete': ['bea', 'acme team:developers', /gets nothing by default/],
  'permission default list': ['bea', 'acme', /^New repositories of \*acme\* begin with:$/],
  'permission grant': ['bea', 'acme/api hana read', /^`hana` has \*read\* on/],
  'permission list': ['bea', 'acme/api', /^Permissions on/],
  'permission revoke': ['bea', 'acme/api team:developers', /^The team `developers` has no permission of its own on/],
  'proxy-cache delete': ['bea', 'cached', /^\*cached\* is no proxy cache any more\.$/],
  'proxy-cache set': [
    'bea',
    'empty docker.io',
    /^\*empty\* hands on `docker\.io` now\.$/,
    { modal: { organization: 'empty', upstream: 'docker.io', username: 'acme', password: 'CANARY' } },
  ],
  'proxy-cache show': ['bea', 'cached', /^\*cached\* hands on `docker\.io`\.$/],
  'prune delete': ['bea', 'acme/api', /^Deleted 1 auto-prune policy/, { lost: /has no such auto-prune policy any more\.$/ }],
  'prune preview': ['bea', 'acme/api', /about to go\.$/],
  'prune set': ['bea', 'acme/api keep=7 pattern=^dev-', /^Auto-prune of \*acme\/api\* is set\.$/],
  'prune show': ['bea', 'acme/api', /^1 auto-prune policy of \*acme\/api\*$/],
  'quota delete': ['dora', 'acme', /^\*acme\* has no quota of its own any more\.$/],
  'quota set': ['dora', 'acme 20GiB', /^\*acme\* may store 20 GiB now\.$/],
  'quota show': ['alice', 'acme', /^\*acme\* may store 10 GiB\.$/],
  'registry count': ['dora', '', /^Quay counts as soon as/],
  'registry size': ['dora', '', /^Quay has not counted yet/],
  'repo create': ['alice', 'acme/web', /^Created <.*\|acme\/web>\.$/],
  'repo delete': ['bea', 'acme/legacy', /^Deleted `acme\/legacy`\.$/],
  'repo description': ['alice', 'acme/api New', /has this description now:$/],
  'repo list': ['alice', 'acme', /^Repositories in \*acme\*$/],
  'repo show': ['alice', 'acme/api', /^Repository <.*\|acme\/api>$/],
  'repo state': ['bea', 'acme/api read-only', /is read-only now\.$/],
  'repo visibility': ['bea', 'acme/api public', /is public now\.$/, { lost: /is public already\.$/ }],
  'request list': ['alice', '', /^Your requests, the newest first$|^You have no requests/, aboutTheBot],
  'request show': ['alice', 'REQUEST', /^\*alice\* asks to run/, request],
  'request withdraw': ['alice', 'REQUEST', /^Withdrawn: request/, request],
  'robot create': ['bea', 'acme+new', /^Created the robot `acme\+new`\./],
  'robot delete': ['bea', 'acme+deploy', /^Deleted the robot `acme\+deploy`\.$/],
  'robot list': ['alice', 'acme', /^Robots of \*acme\*$/],
  'robot rotate': ['bea', 'acme+ci', /^`acme\+ci` has a new token\./],
  'robot show': ['alice', 'acme+ci', /^Robot `acme\+ci`$/],
  'scan diff': ['alice', 'acme/api v1.0 v1.1', /^From `v1\.0` to `v1\.1` of \*acme\/api\*/],
  'scan show': ['alice', 'acme/api', /vulnerabilities in <.*\|acme\/api:latest>$/],
  'service-key list': ['dora', '', /^Service keys of the registry$/],
  setup: ['dora', '', /left to do\.$/],
  status: ['alice', '', /^Quay answers\./, aboutTheBot],
  subscribe: ['bea', 'acme/shop', /^This channel now hears about/],
  'subscription list': ['bea', '', /subscription/i, aboutTheBot],
  'subscription mute': ['bea', 'acme/api 1h', /hears nothing about `acme\/api` until/, subscribed],
  'subscription show': ['bea', 'acme/api', /acme\/api/, subscribed],
  'subscription test': ['bea', 'acme/base', /arrived here after/, { ...subscribed, first: '/quay subscribe acme/base' }],
  'tag delete': ['alice', 'acme/api v1.0', /^Deleted the tag/],
  'tag expire': ['alice', `acme/api v1.0 on=${inThirtyDays}`, /ends on/],
  'tag history': ['alice', 'acme/api', /^History of the tags of/],
  'tag list': ['alice', 'acme/api', /tags of <.*\|acme\/api>$/],
  'tag lock': [
    'alice',
    'acme/api v1.0',
    /can be neither moved nor deleted now\.$/,
    { lost: /can be neither moved nor deleted already\.$/ },
  ],
  'tag move': ['alice', 'acme/api v2 v1.0', /^`v2` of \*acme\/api\* stands for `v1\.0` now/],
  'tag restore': ['alice', 'acme/api gone', /stands for .* again\.$/],
  'tag unlock': ['bea', 'acme/api locked', /can be moved and deleted again\.$/, { lost: /is not immutable\.$/ }],
  'team add': ['bea', 'acme frontend bea', /^Put `bea` into the team/],
  'team create': ['bea', 'acme backend', /^Created the team `backend`/],
  'team delete': ['bea', 'acme frontend', /^Deleted the team `frontend`/],
  'team list': ['alice', 'acme', /^Teams of \*acme\*$/],
  'team members': ['alice', 'acme developers', /^Members of the team \*developers\*/],
  'team remove': ['bea', 'acme developers ivan', /^Took `ivan` out of the team/],
  'team sync': ['bea', 'acme frontend "cn=developers,ou=groups"', /is synchronised with the group/],
  'team unsync': ['bea', 'acme synced', /no longer follows the group/, { lost: /is no longer synchronised\.$/ }],
  'trigger delete': ['bea', `acme/api ${trigger}`, /^Deleted the trigger/],
  'trigger disable': ['bea', `acme/api ${trigger}`, /^Switched off the trigger/, { lost: /is switched off already\.$/ }],
  'trigger enable': ['bea', `acme/api ${uuidOf('off trigger')}`, /builds again\.$/, { lost: /is enabled already\.$/ }],
  'trigger list': ['bea', 'acme/api', /^2 build triggers of \*acme\/api\*$/],
  'trigger run': ['bea', `acme/api ${trigger} commit=1c002dd`, /waits for a builder/],
  unsubscribe: ['bea', 'acme/api', /^This channel hears no more about/, subscribed],
  'user create': ['dora', 'fresh email=fresh@example.com', /^Created the account `fresh`\./],
  'user delete': ['dora', 'ivan', /^Deleted the account `ivan`\.$/],
  'user disable': ['dora', 'ivan', /^Disabled `ivan`\.$/],
  'user enable': ['dora', 'asleep', /^`asleep` is enabled, with the rights it had\.$/, { lost: /is enabled already\.$/ }],
  'user list': ['dora', '', /^Accounts of the registry$/],
  'user reset-password': ['dora', 'ivan', /ivan/],
  'user show': ['dora', 'ivan', /^Account `ivan`$/],
  'who can': ['bea', 'push acme/api', /^Who can push to `acme\/api`/],
  whoami: ['alice', '', /alice/, aboutTheBot],
}

/** On the registry of the sandbox and what table-registry.ts adds. A command without a line here fails the build. */
export const table: Record<string, Entry | undefined> = Object.fromEntries(
  Object.entries(lines).map(([name, [by, words, says, more = {}]]) => [name, { by, words, says, ...more }]),
)

/** The same typed by somebody who may not: alice about what is globex's, bea about what is for superusers. Undefined: everybody may. */
export function foreignCommandOf(name: string, { words }: Entry) {
  const { permissions } = commands.get(name) ?? {}
  const command = `/quay ${name} ${words}`
  if (permissions === 'superuser') return { by: 'bea' as const, command, isForSuperusers: true }
  if (permissions === undefined || typeof permissions === 'string') return undefined
  const theirs = command.replace(/acme\/[\w-]+/, 'globex/secret').replaceAll(/\b(acme|cached|empty)\b/g, 'globex')
  return { by: 'alice' as const, command: theirs, isForSuperusers: false }
}
