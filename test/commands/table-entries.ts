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
  'access end': ['bea', 'GRANT', /^Temporary access ended: .* no longer has/, granted],
  'access list': ['bea', 'acme/shop', /^(Temporary access \(next to end first\)|No temporary access here)/],
  'audit list': ['dora', '', /^Audit log \(newest first\)/, aboutTheBot],
  'audit verify': ['dora', '', / pending\.$/, aboutTheBot],
  'break-glass': ['dora', 'acme/shop write reason="for the table"', /^You have \*write\* on `acme\/shop` now\.$/],
  'build cancel': ['bea', `acme/api ${uuidOf('waiting')}`, /^Cancelled build .* of .*\./],
  'build list': ['alice', 'acme/api', /^Latest builds of \*acme\/api\*/],
  'build logs': ['alice', `acme/api ${ended}`, /^Build log of .*: succeeded$/],
  'build retry': ['alice', `acme/api ${ended}`, /waiting for a builder/],
  'build show': ['alice', `acme/api ${ended}`, /acme\/api>: build succeeded/],
  'build start': ['alice', `acme/api ${archive}`, /waiting for a builder/],
  'can-i': ['alice', 'write acme/api', /^Yes, you have \*write\* permission on `acme\/api`\.$/],
  help: ['alice', '', /^You are \*alice\* in Quay\./, aboutTheBot],
  'immutability delete': ['bea', 'acme/api ^v1', /^Deleted immutability policy `\^v1` of \*acme\/api\*\.$/],
  'immutability list': ['bea', 'acme/api', /^1 immutability policy of \*acme\/api\*/],
  'immutability set': [
    'bea',
    'acme/api ^release-',
    /^Immutability policy of \*acme\/api\* set\.$/,
    { lost: / already has this immutability policy\.$/ },
  ],
  logs: ['dora', '', /^Usage logs of the registry/],
  'logs export': ['dora', '2026-11-01 2026-11-07', /The usage logs of .* – .* are sent by direct message\./, aboutTheBot],
  'logs export namespace': ['bea', 'acme 2026-11-01 2026-11-07', /The usage logs of .* – .* are sent by direct message\./],
  'logs export repo': ['bea', 'acme/api 2026-11-01 2026-11-07', /The usage logs of .* – .* are sent by direct message\./],
  'logs namespace': ['bea', 'acme', /^Usage logs of/],
  'logs repo': ['bea', 'acme/api', /^Usage logs of/],
  'logs totals': ['dora', '', /^Usage of the registry, .*:/],
  'logs totals namespace': ['bea', 'acme', /^Usage of \*acme\*.*, .*:/],
  'logs totals repo': ['bea', 'acme/api', /^Usage of \*acme\/api\*.*, .*:/],
  'message create': ['dora', '"Maintenance tonight"', /^Global message:$/],
  'message delete': ['dora', uuidOf('message'), /^Deleted global message .*\.$/],
  'message list': ['alice', '', /^1 global message:/],
  'mirror cancel': ['bea', 'acme/syncing', /^Cancelled the sync of .*\./],
  'mirror create': [
    'bea',
    'acme/mc quay.io/minio/mc',
    /^Created <.*> as a mirror of .*\./,
    { modal: { repository: 'acme/mc', ...signIn } },
  ],
  'mirror edit': ['bea', 'acme/mirrored interval=1h', /^Changed the mirror/, { modal: { repository: 'acme/mirrored', ...signIn } }],
  'mirror show': ['bea', 'acme/mirrored', /\|acme\/mirrored>: mirror of/],
  'mirror sync': ['bea', 'acme/mirrored', /^Sync of \*acme\/mirrored\* queued\./],
  'notification create': [
    'bea',
    'acme/api repo_push email email=bea@example.com',
    /^Created a Quay notification for .*\./,
    { modal: { repository: 'acme/api', event: 'repo_push', method: 'webhook', url: 'https://hooks.example.com/CANARY' } },
  ],
  'notification delete': ['bea', `acme/api ${notification}`, /^Deleted notification .* of .*\./],
  'notification list': ['bea', 'acme/api', /^1 notification of \*acme\/api\*/],
  'notification reset': [
    'bea',
    `acme/api ${notification}`,
    /It had failed 3 times\.$/,
    { lost: / has not failed\. Quay sends it as before\.$/ },
  ],
  'notification test': ['bea', `acme/api ${notification}`, /^Queued a test of .*\./],
  'org create': ['alice', 'initech', /^Created organization .*\./],
  'org delete': ['bea', 'acme', /^Deleted organization `acme`\.$/],
  'org list': ['dora', '', /^Organizations of the registry/],
  'org members': ['bea', 'acme', /^Members of \*acme\*/],
  'org take-ownership': ['dora', 'globex', /^`quaymaster` is now an admin of `globex`\.$/],
  'org show': ['alice', 'acme', /^Organization <.*\|acme>$/],
  'permission default create': ['bea', 'acme team:frontend read', /gets \*read\* on every new repository/],
  'permission default delete': ['bea', 'acme team:developers', /Team .* no longer gets a default permission on new repositories of .*\./],
  'permission default list': ['bea', 'acme', /^Default permissions of \*acme\*/],
  'permission grant': ['bea', 'acme/api hana read', /^Granted \*read\* on .* to `hana`\.$/, { lost: / was already granted to `hana`\.$/ }],
  'permission list': ['bea', 'acme/api', /^Permissions on/],
  'permission revoke': ['bea', 'acme/api team:developers', /^Revoked the permission on .* from team `developers`\./],
  'proxy-cache delete': ['bea', 'cached', /^\*cached\* is no longer a proxy cache\.$/],
  'proxy-cache set': [
    'bea',
    'empty docker.io',
    /^\*empty\* is now a proxy cache of `docker\.io`\.$/,
    { modal: { organization: 'empty', upstream: 'docker.io', username: 'acme', password: 'CANARY' } },
  ],
  'proxy-cache show': ['bea', 'cached', /^\*cached\* is a proxy cache of `docker\.io`\.$/],
  'prune delete': ['bea', 'acme/api', /^Deleted 1 auto-prune policy/, { lost: / no longer has this auto-prune policy\.$/ }],
  'prune preview': ['bea', 'acme/api', /will be deleted soon\.$/],
  'prune set': ['bea', 'acme/api keep=7 pattern=^dev-', /^Auto-prune policy of \*acme\/api\* set\.$/],
  'prune show': ['bea', 'acme/api', /^1 auto-prune policy of \*acme\/api\*$/],
  'quota delete': ['dora', 'acme', /^Deleted the quota of \*acme\*\.$/],
  'quota set': ['dora', 'acme 20GiB', /^Quota of \*acme\* set to 20 GiB\.$/],
  'quota show': ['alice', 'acme', /^Quota of \*acme\*: 10 GiB\.$/],
  'registry count': ['dora', '', /^Calculation queued\. See the result with .*\./],
  'registry size': ['dora', '', /^The total size of the registry has not been calculated yet\./],
  'repo create': ['alice', 'acme/web', /^Created <.*\|acme\/web>\.$/],
  'repo delete': ['bea', 'acme/legacy', /^Deleted `acme\/legacy`\.$/],
  'repo description': ['alice', 'acme/api New', /Description of .*:$/],
  'repo list': ['alice', 'acme', /^Repositories in \*acme\*/],
  'repo show': ['alice', 'acme/api', /^Repository <.*\|acme\/api>$/],
  'repo state': ['bea', 'acme/api read-only', / is now read-only\.$/],
  'repo visibility': ['bea', 'acme/api public', / is now public\.$/, { lost: / is already public\.$/ }],
  'request delegate': ['dora', 'to=bea for=2d', /^Delegated your approvals to \*bea\* until/, aboutTheBot],
  'request delegations': ['dora', '', /^(No delegations\.|Delegations \(next to end first\))/, aboutTheBot],
  'request list': ['alice', '', /^Your requests \(newest first\)|^No requests\./, aboutTheBot],
  'request show': ['alice', 'REQUEST', /^\*alice\* requests approval for .*: .*\./, request],
  'request undelegate': [
    'dora',
    '',
    /^Ended your delegation to \*bea\*\.$/,
    { aboutTheBot: true, first: '/quay request delegate to=bea for=2d' },
  ],
  'request withdraw': ['alice', 'REQUEST', /^Withdrew request .*\./, request],
  'robot create': ['bea', 'acme+new', /^Created robot account `acme\+new`\. Its token is in your direct messages\./],
  'robot delete': ['bea', 'acme+deploy', /^Deleted robot account `acme\+deploy`\.$/],
  'robot list': ['alice', 'acme', /^Robot accounts of \*acme\*/],
  'robot rotate': ['bea', 'acme+ci', /^Regenerated the token of `acme\+ci`\. The new one is in your direct messages\./],
  'robot show': ['alice', 'acme+ci', /^Robot account `acme\+ci`$/],
  'scan diff': ['alice', 'acme/api v1.0 v1.1', /^From `v1\.0` to `v1\.1` of \*acme\/api\*/],
  'scan show': ['alice', 'acme/api', /vulnerabilities in <.*\|acme\/api:latest>/],
  'service-key list': ['dora', '', /^Service keys of the registry/],
  setup: ['dora', '', /: (setup complete|\d+ setup tasks? left)\.$/],
  status: ['alice', '', /^Quay is operational\./, aboutTheBot],
  subscribe: ['bea', 'acme/shop', /^Subscribed this channel to .* of .*\./],
  'subscription list': ['bea', '', /subscription/i, aboutTheBot],
  'subscription mute': ['bea', 'acme/api 1h', /Muted `acme\/api` until .*\./, subscribed],
  'subscription show': ['bea', 'acme/api', /acme\/api/, subscribed],
  'subscription test': [
    'bea',
    'acme/base',
    /:white_check_mark: Test event of .* received after .* ms\./,
    { ...subscribed, first: '/quay subscribe acme/base' },
  ],
  'tag delete': ['alice', 'acme/api v1.0', /^Deleted .*:.*\./],
  'tag expire': ['alice', `acme/api v1.0 on=${inThirtyDays}`, / expires on /],
  'tag history': ['alice', 'acme/api', /^Tag history of /],
  'tag list': ['alice', 'acme/api', /tags of <.*\|acme\/api>/],
  'tag show': ['alice', 'acme/api v1.1', /^Image <.*\|acme\/api:v1\.1>$/],
  'tag lock': ['alice', 'acme/api v1.0', / is now immutable\.$/, { lost: / is already immutable\.$/ }],
  'tag move': ['alice', 'acme/api v2 v1.0', /^`acme\/api:v2` now points to `v1\.0`/],
  'tag restore': ['alice', 'acme/api gone', / points to .* again\.$/],
  'tag unlock': ['bea', 'acme/api locked', / is mutable again\.$/, { lost: /is not immutable\.$/ }],
  'team add': ['bea', 'acme frontend bea', /^Added `bea` to the team/],
  'team create': ['bea', 'acme backend', /^Created team `backend` in/],
  'team delete': ['bea', 'acme frontend', /^Deleted team `frontend`.* of .*\./],
  'team list': ['alice', 'acme', /^Teams of \*acme\*/],
  'team members': ['alice', 'acme developers', /^Members of team \*developers\*.* of /],
  'team remove': ['bea', 'acme developers ivan', /^Removed `ivan` from the team .* of .*\./],
  'team sync': ['bea', 'acme frontend "cn=developers,ou=groups"', / is now synced with the group /],
  'team unsync': [
    'bea',
    'acme synced',
    /Team .* of .* is no longer synced with the group .*\./,
    { lost: /Team .* of .* is no longer synced\.$/ },
  ],
  'trigger delete': ['bea', `acme/api ${trigger}`, /^Deleted build trigger .* of .*\./],
  'trigger disable': [
    'bea',
    `acme/api ${trigger}`,
    /^Disabled build trigger .* of .*\./,
    { lost: /Build trigger .* of .* is already disabled\.$/ },
  ],
  'trigger enable': ['bea', `acme/api ${uuidOf('off trigger')}`, /^Enabled build trigger .* of .*\.$/, { lost: / is already enabled\.$/ }],
  'trigger list': ['bea', 'acme/api', /^2 build triggers of \*acme\/api\*/],
  'trigger run': ['bea', `acme/api ${trigger} commit=1c002dd`, /waiting for a builder/],
  unsubscribe: ['bea', 'acme/api', /^Unsubscribed this channel from .*\./, subscribed],
  'user create': ['dora', 'fresh email=fresh@example.com', /^Created user `fresh`\./],
  'user delete': ['dora', 'ivan', /^Deleted user `ivan`\.$/],
  'user disable': ['dora', 'ivan', /^Disabled `ivan`\.$/],
  'user enable': ['dora', 'asleep', /^Enabled `asleep`, with the same permissions as before\.$/, { lost: / is already enabled\.$/ }],
  'user list': ['dora', '', /^Users of the registry/],
  'user reset-password': ['dora', 'ivan', /ivan/],
  'user show': ['dora', 'ivan', /^User `ivan`$/],
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
