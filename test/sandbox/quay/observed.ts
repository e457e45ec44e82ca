// What rights-matrix.json noted about the answers of a real Quay, told of the simulator's answers in the same words.

type Body = Record<string, unknown>
type Named = { name: string; kind?: string; is_robot?: boolean; namespace?: { name: string }; organization?: { name: string } }

const list = (body: Body, key: string) => (body[key] ?? []) as Body[] // the shape is what the test is about
const size = (value: unknown) => String(Object.keys(value as object).length)
const python = (value: unknown) => (value === true ? 'True' : value === false ? 'False' : 'None')
const yesNo = (value: unknown) => (value ? 'yes' : 'no')
const joined = (words: string[], separator: string) => words.sort().join(separator) || '-'

const repository = (body: Body) => `can_write=${python(body.can_write)} can_admin=${python(body.can_admin)} tags=${size(body.tags)}`
const robots = (body: Body) => `robots=${list(body, 'robots').length} tokens=${yesNo(list(body, 'robots').some(({ token }) => token))}`
const token = (body: Body) => `token=${yesNo(body.token)}`
const count = (key: string) => (body: Body) => size(body[key])
const membership = (body: Body) => `is_admin=${python(body.is_admin)} is_member=${python(body.is_member)}`
const repositoryNames = (full: boolean) => (body: Body) => {
  const found = list(body, 'repositories').map(({ namespace, name }) => (full ? `${namespace}/${name}` : `${name}`))
  return `${found.length}: ${found.sort().join(',')}`
}
const entities = (body: Body) => {
  const found = list(body, 'results') as unknown as Named[]
  return joined(
    found.map(({ kind, name, is_robot }) => `${kind}${is_robot ? '(robot)' : ''}:${name}`),
    ' ',
  )
}
const finds = (body: Body) => {
  const found = list(body, 'results') as unknown as Named[]
  const owner = ({ namespace, organization }: Named) => (namespace ?? organization)?.name
  const word = (one: Named) => `${one.kind}:${one.kind === 'repository' || one.kind === 'team' ? `${owner(one)}/` : ''}${one.name}`
  return joined(found.map(word), ' ')
}
const roles = (body: Body) =>
  list(body, 'permissions')
    .map(({ role }) => String(role))
    .join(',')
const user = (body: Body) => {
  const marks = `super_user=${python(body.super_user)} global_readonly=${python(body.global_readonly_super_user)}`
  return `anonymous=${python(body.anonymous)} ${marks} orgs=${list(body, 'organizations').length}`
}

const tellers: [name: RegExp, tell: (body: Body) => string][] = [
  [/^repository\.get\./, repository],
  [/^repository\.list\.namespace$/, repositoryNames(false)],
  [/^repository\.list\.namespace\.(other|user)$/, repositoryNames(true)],
  [
    /\.list\.namespace\.quota$/,
    (body) =>
      `quota_report in ${list(body, 'repositories').filter((one) => one.quota_report).length} of ${list(body, 'repositories').length}`,
  ],
  [/permissions\.(user|team)\.list/, count('permissions')],
  [/permissions\.transitive/, roles],
  [/tags\.list/, count('tags')],
  [/notifications\.list/, count('notifications')],
  [/build\.list/, count('builds')],
  [/triggers\.list/, count('triggers')],
  [/triggers\.get/, (body) => `config=${yesNo(size(body.config) !== '0')}`],
  [/^organization\.get$/, (body) => `${membership(body)} teams=${body.teams ? size(body.teams) : '-'} email=${yesNo(body.email)}`],
  [/^organization\.get\.other$/, membership],
  [/members\.list/, count('members')],
  [/collaborators\.list/, count('collaborators')],
  [/team\.permissions\.list|robots\.permissions/, count('permissions')],
  [/robots\.list/, robots],
  [/robots\.(create|get|regenerate)/, token],
  [/prototypes\.list/, count('prototypes')],
  [/applications\.list/, (body) => `${size(body.applications)} secret=${yesNo(list(body, 'applications')[0]?.client_secret)}`],
  [/applications\.get/, (body) => `secret=${yesNo(body.client_secret)}`],
  [/quota\.list/, (body) => size(body)],
  [/proxycache\.get$/, (body) => `upstream=${yesNo(body.upstream_registry)}`],
  [/messages\.list/, count('messages')],
  [/^user\.get$/, user],
  [/user\.find\.all/, finds],
  [
    /user\.find\.repositories/,
    (body) =>
      joined(
        list(body, 'results').map(({ namespace, name }) => `${(namespace as Named).name}/${name}`),
        ' ',
      ),
  ],
  [/user\.entities/, entities],
]

/** Lengths of lists that depend on how the recorded server was filled, not on rights. */
export const unlike = /logs|^superuser\.(users|organizations|keys)\.list$/

export function told(name: string, body: unknown) {
  const [, tell] = tellers.find(([pattern]) => pattern.test(name)) ?? []
  return tell?.(body as Body)
}
