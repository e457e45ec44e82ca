import { uuidOf } from '../../src/sandbox/quay/seed-parts.ts'

/** By operation the words behind its name: each is tried as every kind of account. */
export type Commands = Record<string, string[]>

// Quay lets no tag live for more than two years.
const inThirtyDays = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)

const repositories = ['matrix/private', 'other/private']
const readable = ['matrix/private', 'matrix/public']
// Only these two have a build.
const builds = [`matrix/private ${uuidOf('private build')}`, `matrix/public ${uuidOf('public build')}`]
const organizations = ['matrix', 'other']
// Days that are over: without them a log’s window moves on with the clock, and the registry goes on working, while both look.
const past = 'from=2026-11-01 to=2026-11-23'
const each = (objects: string[], more = '') => objects.map((object) => `${object} ${more}`)

/** On the registry of the recorded rights matrix (test/sandbox/quay/rights-fixture.ts). */
export const attempts: Commands = {
  'build cancel': builds,
  'build list': readable,
  'build logs': builds,
  'build retry': [`matrix/private ${uuidOf('ended private')}`, `matrix/public ${uuidOf('ended public')}`],
  'build show': [...builds, `matrix/private ${uuidOf('triggered')}`],
  'build start': [
    ...each(repositories, 'https://downloads.example.com/api.tar.gz'),
    'matrix/private https://downloads.example.com/api.tar.gz pull_robot=matrix+bot',
    'matrix/private https://downloads.example.com/api.tar.gz pull_robot=other+bot',
  ],
  'immutability delete': ['matrix ^v', 'matrix/private ^v'],
  'immutability list': [...repositories, ...organizations],
  'immutability set': each([...repositories, ...organizations], '^release-'),
  logs: [past],
  'logs namespace': each(organizations, past),
  'logs repo': each(readable, past),
  'logs totals': [past],
  'logs totals namespace': each(organizations, past),
  'logs totals repo': each(readable, past),
  'logs export': ['2026-11-01 2026-11-23'],
  'logs export namespace': each(organizations, '2026-11-01 2026-11-23'),
  'logs export repo': each(repositories, '2026-11-01 2026-11-23'),
  'message create': ['"Maintenance tonight" severity=warning'],
  'message delete': [uuidOf('message')],
  'message list': [''],
  'mirror cancel': ['matrix/mirrored'],
  'mirror create': each([...repositories, 'matrix/new', 'other/new'], 'quay.io/projectquay/quay'),
  'mirror edit': ['matrix/mirrored interval=1h'],
  'mirror show': ['matrix/mirrored'],
  'mirror sync': ['matrix/mirrored'],
  'notification create': each(repositories, 'repo_push email email=ops@example.com'),
  'notification delete': [`matrix/private ${uuidOf('notification')}`],
  'notification list': readable,
  'notification reset': [`matrix/private ${uuidOf('notification')}`],
  'notification test': [`matrix/private ${uuidOf('notification')}`],
  'org create': ['initech it@example.com'],
  'org delete': organizations,
  'org list': [''],
  'org members': organizations,
  'org take-ownership': organizations,
  'org show': organizations,
  'permission default create': each(organizations, 'extra2 read'),
  'permission default delete': ['matrix extra'],
  'permission default list': organizations,
  'permission grant': each(repositories, 'extra2 write'),
  'permission list': readable,
  'permission revoke': ['matrix/private extra'],
  'proxy-cache delete': ['cached'],
  'proxy-cache set': ['empty docker.io'],
  'proxy-cache show': ['matrix', 'other', 'cached'],
  'prune delete': repositories,
  'prune preview': readable,
  'prune set': each([...repositories, ...organizations], 'keep=7'),
  'prune show': [...repositories, ...organizations],
  'quota delete': organizations,
  'quota set': each(organizations, '20GiB'),
  'quota show': organizations,
  'registry count': [''],
  'registry size': [''],
  'repo create': [...['matrix/new', 'other/new', 'unone/new'], 'matrix/new visibility=public description="Front page"'],
  'repo delete': repositories,
  'repo description': each(repositories, 'new'),
  'repo list': organizations,
  'repo show': [...repositories, 'matrix/public', 'matrix/mine', 'uowner/private'],
  'repo state': each(repositories, 'read-only'),
  'repo visibility': [
    'matrix/private public',
    'matrix/public private',
    'matrix/mine public',
    'other/private public',
    'uowner/private public',
  ],
  'robot create': ['matrix+new', 'other+new'],
  'robot delete': ['matrix+bot', 'other+bot'],
  'robot list': organizations,
  'robot rotate': ['matrix+bot', 'other+bot'],
  'robot show': ['matrix+bot', 'other+bot'],
  'scan diff': each(['matrix/private', 'matrix/public'], 'v1 v0'),
  'scan show': each(readable, 'tag=v1'),
  'service-key list': [''],
  'tag delete': each(repositories, 'v1'),
  'tag expire': each(repositories, `v1 on=${inThirtyDays}`),
  'tag history': readable,
  'tag list': readable,
  'tag lock': each(repositories, 'v1'),
  'tag move': each(repositories, 'v1 v0'),
  'tag restore': each(repositories, 'gone'),
  'tag show': each(readable, 'v1'),
  'tag unlock': each(repositories, 'locked'),
  'team add': ['matrix members extra', 'matrix owners extra', 'other owners extra'],
  'team create': each(organizations, 'backend'),
  'team delete': ['matrix spare'],
  'team list': organizations,
  'team members': ['matrix members', 'matrix owners', 'matrix creators', 'other owners'],
  'team remove': ['matrix members umember'],
  'team sync': ['matrix members "cn=developers,ou=groups"'],
  'team unsync': ['matrix writers'],
  'trigger delete': [`matrix/private ${uuidOf('trigger')}`],
  'trigger disable': [`matrix/private ${uuidOf('trigger')}`],
  'trigger enable': [`matrix/private ${uuidOf('off trigger')}`],
  'trigger list': readable,
  'trigger run': [`matrix/private ${uuidOf('trigger')} commit=1c002dd`],
  'who can': ['push matrix/private', 'admin other'],
  'user create': ['fresh email=fresh@example.com'],
  'user delete': ['extra'],
  'user disable': ['extra'],
  'user enable': ['extra2'],
  'user list': [''],
  'user reset-password': ['extra'],
  'user show': ['extra'],
}

/** Operations that Quay has no say in, and why. */
export const aboutTheBot: Record<string, string> = {
  'access list': 'the bot’s own rows',
  'access end': 'test/access/grants.test.ts tries who may',
  'audit list': 'the bot’s own record, for superusers',
  'audit verify': 'the bot’s own record, for superusers',
  'break-glass': 'the one exception, which test/access/break-glass.test.ts tries',
  'can-i': 'tells the asker alone what the others check',
  help: 'the bot’s own words',
  'request delegate': 'test/approvals/delegation.test.ts tries who may',
  'request delegations': 'the bot’s own rows',
  'request list': 'requests, which Quay does not know',
  'request show': 'requests, which Quay does not know',
  'request undelegate': 'the bot’s own rows',
  'request withdraw': 'requests, which Quay does not know',
  setup: 'what the registry shows the bot itself, for superusers',
  status: 'the bot’s own health',
  subscribe: 'its webhooks are tried by test/events',
  'subscription list': 'the bot’s own rows',
  'subscription mute': 'the bot’s own rows',
  'subscription show': 'the bot’s own rows',
  'subscription test': 'the bot’s own rows',
  unsubscribe: 'the bot’s own rows',
  whoami: 'what the bot knows of the asker',
}

/** Calls by which the bot finds out who somebody is or what exists: Quay knows that of itself when they ask it. */
export const behind: Record<string, { calls: RegExp; why: string }> = {
  'org show': { calls: /\/members\/[^/]+$/, why: 'which teams the asker is in decides what they are shown' },
  'org take-ownership': { calls: /\/organization\//, why: 'whether the bot itself is an admin decides, not the asker' },
  'repo list': { calls: /\/members\/[^/]+$|\/team\/[^/]+\/permissions$/, why: 'what the asker may read decides what is listed' },
  'robot list': { calls: /\/members\/[^/]+$/, why: 'which teams the asker is in decides what they are shown' },
  'robot show': { calls: /\/members\/[^/]+$/, why: 'which teams the asker is in decides what they are shown' },
  'who can': {
    calls: /\/superuser\/users|\/members\/[^/]+$/,
    why: 'which teams the asker is in decides what they are shown, and the policy links superusers',
  },
  'team add': { calls: /\/superuser\/users\/[^/]+$/, why: 'whether an account exists Quay tells everybody, elsewhere' },
  'team members': { calls: /\/members\/[^/]+$/, why: 'which teams the asker is in decides what they are shown' },
}

/** Compared by a test of its own, and why. */
export const comparedApart: Record<string, string> = {
  'logs export': 'a job reads them later, with the needs of `logs`',
  'logs export namespace': 'a job reads them later, with the needs of `logs namespace`',
  'logs export repo': 'a job reads them later, with the needs of `logs repo`',
  'repo list': 'Quay leaves public repositories out of a list that does not ask for them',
}

/** Kinds of account, or operations, that the bot refuses though Quay would not, and why. */
export const stricterThanQuay: Record<string, string> = {
  'who can': 'Quay shows everybody parts of it, elsewhere: the whole is for admins',
  'team list': 'To somebody outside Quay shows the organisation without its teams, which says nothing',
  disabled: 'To Quay the token of a disabled account is none at all, and shows what is public; the bot lets a disabled account do nothing',
}

/** Previews that show a superuser without full access more than Quay does: what goes with what Quay lets them delete or disable. */
export const showsMore = ['org delete', 'user delete', 'user disable']

/** What a registry that keeps its accounts itself does not do. */
export const needsDirectory = ['team sync', 'team unsync']
