// What releases-verdicts.json noted about the answers of real Quays, told of the simulator's answers in the same words: as
// Python prints them.

type Body = Record<string, unknown>

function python(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  return `{${Object.entries(value)
    .map(([key, item]) => `'${key}': ${python(item)}`)
    .join(', ')}}`
}

const list = (body: Body, key: string) => (body[key] ?? []) as Body[] // the shape is what the test is about
const present = (body: Body, ...keys: string[]) => keys.filter((key) => key in body)
const keysOf = (body: Body | undefined) => python(Object.keys(body ?? {}).sort())
const nameOf = ({ name }: Body) => name
const teamNames = (body: Body) => list(body, 'teams').map(nameOf)
const teams = (body: Body) => Object.values((body.teams ?? {}) as Record<string, Body>)

function organization(body: Body, ...keys: string[]) {
  const email = keys.includes('quota_report') ? [`email=${body.email}`] : []
  return python([...present(body, ...keys), ...email, `nteams=${teams(body).length}`])
}
const grants = (body: Body) => python(present(list(body, 'robots')[0] ?? {}, 'teams', 'repositories'))
const rolesOfTeams = (body: Body) => python(Object.fromEntries(teams(body).map(({ name, role }) => [name, role])))
const has = (key: string) => (body: Body) => (body[key] ? `${key} present` : '')
const names = (body: Body) => python(list(body, 'repositories').slice(0, 3).map(nameOf))

/** By the call's name; what is not here is compared by its status and, refused, by its words. */
export const tellers: Record<string, (body: Body) => string> = {
  config: ({ version_number }) => `version=${version_number ?? '-'}`,
  'su users': (body) => keysOf(list(body, 'users')[0]),
  'su orgs': (body) => keysOf(list(body, 'organizations')[0]),
  'org get acme': (body) => organization(body, 'teams', 'email', 'tag_expiration_s', 'quota_report'),
  'org get labs(member)': (body) => organization(body, 'teams', 'email', 'tag_expiration_s'),
  'org members': (body) =>
    `[${list(body, 'members')
      .map((one) => `('${one.name}', ${python(teamNames(one))})`)
      .slice(0, 2)
      .join(', ')}]`,
  'org member': (body) => python(teamNames(body)),
  'team members': (body) => python(Object.keys(body)),
  robots: grants,
  'robot get': has('token'),
  'robot create': has('token'),
  'robot rotate': has('token'),
  'team put': has('role'),
  'team unsync': has('role'),
  'prune org list': (body) => python(list(body, 'policies')),
  'repo list': names,
  'repo get priv': (body) => `[${['can_admin', 'is_organization', 'state'].map((key) => `('${key}', ${python(body[key])})`).join(', ')}]`,
  'repo transitive': ({ permissions }) => python(permissions),
  'repo transitive bea': ({ permissions }) => python(permissions),
  tags: keysOf,
  'tag lock none': String,
  'build start': ({ phase }) => String(phase),
  'build start robot': ({ phase }) => String(phase),
  'mirror get': (body) => ('skopeo_timeout_interval' in body ? 'timeout' : 'no timeout'),
  'own org: labs org': rolesOfTeams,
  'own org: labs members': (body) => String(list(body, 'members').length),
  'own org: labs member bea': (body) => python(teamNames(body)),
  'own org: labs repo list': names,
  'own org: P org': rolesOfTeams,
  'own org: P members': (body) => String(list(body, 'members').length),
  'own org: P member': (body) => python(teamNames(body)),
  'own org: P team add': python,
  'own org: P team members': keysOf,
  'own org: P robots': grants,
}
