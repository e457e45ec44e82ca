// Results of every list, as its command's `run` returns them, with so many rows and such names.

export interface Shape {
  rows: number
  /** The name of a row: short, very long, from right to left, Japanese. */
  name: (index: number) => string
}

const day = 86_400_000
const at = Date.parse('2026-11-20T12:00:00Z')
const iso = (index: number) => new Date(at - index * day).toISOString()
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
const repository = 'acme/api'
const url = 'https://quay.example.com/repository/acme/api'

type Sample = (shape: Shape) => unknown

function entries(each: (name: string, index: number) => Record<string, unknown>, more: Record<string, unknown> = {}): Sample {
  return ({ rows, name }) => ({ ...more, entries: Array.from({ length: rows }, (_, index) => each(name(index), index)), next: undefined })
}

const logs = entries(
  (name, index) => ({
    kind: index % 2 ? 'push_repo' : 'pull_repo',
    at: iso(index),
    ip: '192.0.2.7',
    performer: index % 3 ? { name, kind: index % 2 ? 'robot' : 'user' } : undefined,
    namespace: 'acme',
    repository: `acme/${name}`,
    details: {},
  }),
  { from: iso(2), to: iso(0), of: undefined, actor: undefined, kind: undefined },
)
const totals: Sample = ({ rows, name }) => ({
  of: repository,
  first: '2026-11-01',
  last: '2026-11-20',
  totals: Array.from({ length: rows }, (_, index) => [name(index), 1000 - index]),
})
const vulnerability = (name: string, index: number) => ({
  name,
  severity: ['Critical', 'High', 'Low'][index % 3],
  package: name,
  version: '1.0',
  fixedIn: index % 2 ? '1.1' : undefined,
  link: index % 2 ? `https://nvd.example.com/${index}` : undefined,
  change: index % 2 ? 'came' : 'went',
})

export const samples: Record<string, Sample> = {
  'access list': entries((name, index) => ({
    ...{
      id: `g${index}`,
      kind: index % 2 ? 'team' : 'repository',
      object: `acme/${name}`,
      grantee: name,
      role: 'write',
      until: at + index * day,
    },
    ...{ state: index % 2 ? 'active' : 'ending', deciders: 'dora', reason: index % 2 ? name : null, breakGlass: index % 3 === 0 },
  })),
  'audit list': entries((name, index) => ({
    ...{ id: index, at: at - index, person: 'U0ALICE', account: index % 2 ? name : null, operation: 'repo create', phase: 'finished' },
    ...{
      input: index % 2 ? { repository: `acme/${name}` } : {},
      outcome: index % 3 ? null : { message: 'It failed with {why}.', values: { why: name } },
      reference: `ref${index}`,
    },
  })),
  'build list': entries(
    (name, index) => ({
      ...{ repository, url: `${url}/build/${index}`, id: `build-${index}`, phase: 'complete', tags: [name], dockerfile: '', context: '' },
      ...{ archive: undefined, pullRobot: undefined, started: iso(index), error: undefined },
      ...{ trigger: index % 2 ? { service: 'github', source: name } : undefined, commit: undefined },
    }),
    { repository, first: true },
  ),
  'immutability list': entries((name, index) => ({ id: `p${index}`, pattern: name, matching: index % 2 === 0 }), { target: repository }),
  logs,
  'logs namespace': logs,
  'logs repo': logs,
  'logs totals': totals,
  'logs totals namespace': totals,
  'logs totals repo': totals,
  'message list': entries((name, index) => ({ id: `m${index}`, severity: 'info', content: name })),
  'notification list': entries(
    (name, index) => ({
      id: `n${index}`,
      title: index % 2 ? name : '',
      event: 'repo_push',
      method: 'email',
      email: `${index}@example.com`,
      failures: index % 4,
    }),
    { repository, own: 1 },
  ),
  'org list': entries((name, index) => ({
    ...{ name, url: `https://quay.example.com/organization/${index}`, email: index % 2 ? `${index}@example.com` : undefined },
    ...{ size: index % 3 ? index * 1_000_000 : undefined, quota: index % 2 ? 10_000_000_000 : undefined },
  })),
  'org members': entries(
    (name, index) => ({ name, kind: index % 2 ? 'robot' : 'user', teams: ['owners', name], repositories: index % 3 }),
    {
      organization: 'acme',
    },
  ),
  'permission default list': entries(
    (name, index) => ({ to: { kind: index % 2 ? 'team' : 'robot', name }, role: 'read', createdBy: index % 3 ? name : undefined }),
    { organization: 'acme' },
  ),
  'permission list': entries((name, index) => ({ kind: index % 2 ? 'team' : 'user', name, role: 'write' }), { repository, url }),
  'repo list': entries(
    (name, index) => ({
      name: `acme/${name}`,
      url: `${url}${index}`,
      visibility: index % 2 ? 'public' : 'private',
      lastModified: index % 3 ? iso(index) : undefined,
    }),
    { namespace: 'acme', hidden: undefined },
  ),
  'request delegations': ({ rows, name }) =>
    Array.from({ length: rows }, (_, index) => ({ direction: index % 2 ? 'from' : 'to', name: name(index), until: at + index * day })),
  'request list': entries(
    (name, index) => ({ id: `r${index}`, operation: 'repo create', state: 'pending', name, at: at - index * day, object: `acme/${name}` }),
    {
      mine: false,
    },
  ),
  'robot list': entries(
    (name, index) => ({
      name: `acme+${name}`,
      created: iso(index),
      lastAccessed: index % 2 ? iso(0) : null,
      repositories: index % 3 ? [name] : undefined,
    }),
    { organization: 'acme' },
  ),
  'scan diff': entries(vulnerability, { repository, from: 'v1', to: 'v2', came: { Critical: 1 }, went: { Low: 1 } }),
  'scan show': entries(vulnerability, {
    repository,
    tag: 'v1',
    url,
    status: 'scanned',
    platform: 'linux/amd64',
    fixable: 1,
    counts: { Critical: 2 },
  }),
  'service-key list': entries((name, index) => ({
    id: `key-${index}`,
    name,
    service: 'scanner',
    expires: index % 2 ? iso(index) : undefined,
    expired: index % 2 === 1,
    approved: index % 3 ? iso(0) : undefined,
  })),
  'subscription list': ({ rows, name }) => ({
    mine: true,
    subscriptions: Array.from({ length: rows }, (_, index) => ({
      ...{
        target: `acme/${name(index)}`,
        channel: 'C0GENERAL',
        groups: ['builds', 'vulnerabilities'],
        only: index % 2 ? 'changes' : 'all',
      },
      ...{ digest: index % 3 ? 'none' : 'daily', severity: 'high', tags: index % 2 ? [name(index)] : [], owner: 'U0BEA', state: 'active' },
    })),
  }),
  'subscription show': ({ rows, name }) => ({
    subscription: {
      target: repository,
      channel: 'C0GENERAL',
      groups: ['builds'],
      only: 'all',
      digest: 'none',
      severity: 'high',
      tags: [],
      owner: 'U0BEA',
      state: 'active',
    },
    events: Array.from({ length: rows }, (_, index) => ({
      ...{ object: `acme/${name(index)}`, event: 'repo_push', receivedAt: at - index * day, byWebhook: index % 2 === 0 },
      ...(index % 2 ? { leftOut: 'muted' } : { posted: { channel: 'C0GENERAL', ts: '1790.1', lag: 2000 } }),
    })),
    slack: 'https://acme.slack.com/',
    reachable: true,
  }),
  'tag history': entries((name, index) => tag(name, index), { repository }),
  'tag list': entries((name, index) => tag(name, index), { repository, url, like: undefined }),
  'team list': entries(
    (name, index) => ({
      name,
      role: 'member',
      description: index % 2 ? name : '',
      members: index,
      repositories: index % 3,
      synced: index % 2 === 0,
    }),
    {
      organization: 'acme',
      url: 'https://quay.example.com/organization/acme',
    },
  ),
  'team members': entries((name, index) => ({ name, kind: index % 2 ? 'robot' : 'user', invited: index % 3 === 0 }), {
    organization: 'acme',
    team: 'owners',
    synced: undefined,
  }),
  'trigger list': entries(
    (name, index) => ({
      id: `t${index}`,
      service: 'github',
      source: name,
      active: index % 3 !== 0,
      enabled: index % 2 === 0,
      dockerfile: '/Dockerfile',
      pullRobot: index % 2 ? 'acme+ci' : undefined,
    }),
    { repository },
  ),
  'user list': entries((name, index) => ({
    ...{ username: name, email: index % 2 ? `${index}@example.com` : undefined, verified: index % 3 === 0, enabled: index % 2 === 0 },
    ...{ superuser: index % 3 === 0, globalReader: false },
  })),
  'who can': ({ rows, name }) => ({
    ...{ right: 'push', object: repository, csv: true, everybody: false, hidden: false, asOf: at },
    holders: Array.from({ length: rows }, (_, index) => ({
      ...{
        account: name(index),
        kind: (['user', 'robot', 'team'] as const)[index % 3],
        until: index % 2 ? at : undefined,
        slack: index % 2 ? 'U0BEA' : undefined,
      },
      why: [{ message: 'Member of the team {team}', values: { team: name(index) } }],
    })),
  }),
}

function tag(name: string, index: number) {
  return {
    ...{ name, digest, size: index % 3 ? 86_000_000 + index : undefined, platforms: index % 3 ? 'one' : 'several', since: iso(index) },
    ...{ until: index % 2 ? iso(-index) : undefined, restored: index % 2 === 1, immutable: index % 2 === 0 },
  }
}
