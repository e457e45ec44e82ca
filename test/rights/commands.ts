import { uuidOf } from '../../src/sandbox/quay/seed-parts.ts'

/** By operation the words behind its name: each is tried as every kind of account. */
export type Commands = Record<string, string[]>

const repositories = ['matrix/private', 'matrix/public', 'matrix/mine', 'other/private', 'uowner/private']
// Only these two have a build.
const builds = [`matrix/private ${uuidOf('private build')}`, `matrix/public ${uuidOf('public build')}`]
const organizations = ['matrix', 'other']
const each = (objects: string[], more = '') => objects.map((object) => `${object} ${more}`)

/** On the registry of the recorded rights matrix (test/sandbox/quay/rights-fixture.ts). */
export const commands: Commands = {
  'build cancel': builds,
  'build list': repositories,
  'build logs': builds,
  'build retry': builds,
  'build show': builds,
  'build start': [
    ...each(repositories, 'https://downloads.example.com/api.tar.gz'),
    'matrix/private https://downloads.example.com/api.tar.gz pull_robot=matrix+bot',
    'matrix/private https://downloads.example.com/api.tar.gz pull_robot=other+bot',
  ],
  logs: [''],
  'logs namespace': ['matrix', 'other', 'uowner'],
  'logs repo': repositories,
  'logs totals': [''],
  'logs export': [''],
  'logs export namespace': ['matrix', 'other', 'uowner'],
  'logs export repo': repositories,
  'mirror cancel': each(repositories),
  'mirror create': each(repositories, 'quay.io/projectquay/quay'),
  'mirror edit': each(repositories, 'interval=1h'),
  'mirror show': repositories,
  'mirror sync': repositories,
  'org create': ['initech it@example.com'],
  'org delete': organizations,
  'org list': [''],
  'org members': organizations,
  'org show': organizations,
  'permission default create': each(organizations, 'extra2 read'),
  'permission default delete': ['matrix extra'],
  'permission default list': organizations,
  'permission grant': each(repositories, 'extra2 write'),
  'permission list': repositories,
  'permission revoke': ['matrix/private extra', 'matrix/mine extra'],
  'repo create': [
    ...['matrix/new', 'other/new', 'uowner/new', 'unone/new'],
    'matrix/new visibility=public description="Front page" admins=extra writers=team:writers,matrix+bot prune=20',
  ],
  'repo delete': repositories,
  'repo description': each(repositories, 'new'),
  'repo list': ['matrix', 'other', 'uowner'],
  'repo show': repositories,
  'repo state': each(repositories, 'read-only'),
  'repo visibility': each(repositories, 'public'),
  'robot create': ['matrix+new', 'other+new'],
  'robot delete': ['matrix+bot', 'other+bot'],
  'robot list': organizations,
  'robot rotate': ['matrix+bot', 'other+bot'],
  'robot show': ['matrix+bot', 'other+bot'],
  'team add': ['matrix members extra', 'matrix owners extra', 'other owners extra'],
  'team create': each(organizations, 'backend'),
  'team delete': ['matrix spare'],
  'team list': organizations,
  'team members': ['matrix members', 'matrix owners', 'matrix creators', 'other owners'],
  'team remove': ['matrix members umember'],
  'team sync': ['matrix members "cn=developers,ou=groups"'],
  'team unsync': ['matrix members'],
  'user create': ['fresh email=fresh@example.com'],
  'user delete': ['extra'],
  'user disable': ['extra'],
  'user enable': ['extra'],
  'user list': [''],
  'user reset-password': ['extra'],
  'user show': ['extra'],
}

/** Operations that Quay has no say in, and why. */
export const aboutTheBot: Record<string, string> = {
  'audit list': 'the bot’s own record, for superusers',
  'audit verify': 'the bot’s own record, for superusers',
  'can-i': 'tells the asker alone what the others check',
  help: 'the bot’s own words',
  status: 'the bot’s own health',
  whoami: 'what the bot knows of the asker',
}

/** Calls by which the bot finds out who somebody is or what exists: Quay knows that of itself when they ask it. */
export const behind: Record<string, { calls: RegExp; why: string }> = {
  'org show': { calls: /\/members\/[^/]+$/, why: 'which teams the asker is in decides what they are shown' },
  'repo list': { calls: /\/members\/[^/]+$|\/team\/[^/]+\/permissions$/, why: 'what the asker may read decides what is listed' },
  'robot list': { calls: /\/members\/[^/]+$/, why: 'which teams the asker is in decides what they are shown' },
  'robot show': { calls: /\/members\/[^/]+$/, why: 'which teams the asker is in decides what they are shown' },
  'team add': { calls: /\/superuser\/users\/[^/]+$/, why: 'whether an account exists Quay tells everybody, elsewhere' },
  'team members': { calls: /\/members\/[^/]+$/, why: 'which teams the asker is in decides what they are shown' },
}

/** Kinds of account that the bot refuses though Quay would not, and why. */
export const stricterThanQuay: Record<string, string> = {
  disabled: 'To Quay the token of a disabled account is none at all, and shows what is public; the bot lets a disabled account do nothing',
}
