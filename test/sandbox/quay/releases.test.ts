import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { findOrganization } from '../../../src/sandbox/quay/lookup.ts'
import { emptyOrganization, emptyRepository, team } from '../../../src/sandbox/quay/seed-parts.ts'
import { sampled } from '../../sized.ts'
import { otherCalls, ownCalls, type ReleaseCall } from './releases-calls.ts'
import { tellers } from './releases-told.ts'
import { type Answered, type Served, serveQuay } from './serve.ts'

// What running Quays 3.12.21, 3.16.5 and 3.18.0 answered, with full access on and off and four tokens.
type Verdicts = Record<string, { call: string; answers: Record<string, string> }>
const verdicts = JSON.parse(readFileSync('test/recorded/quay/releases-verdicts.json', 'utf8')) as Verdicts

const tokens: Record<string, string[]> = {
  super_org_repo: ['super:user', 'org:admin', 'repo:admin', 'repo:create', 'user:admin'],
  super_create: ['super:user', 'repo:create'],
  super_orgadmin: ['super:user', 'org:admin'],
}

/** What is not compared, with the reason; the status of all other cells is. */
const leftOut: { call: string; answer: RegExp; only?: 'words'; reason: string }[] = [
  {
    call: 'discovery',
    answer: /^200/,
    only: 'words',
    reason: 'how many paths there were: the simulator has fewer that no client of ours asks for',
  },
  {
    call: 'quota limit post',
    answer: /^500/,
    reason: 'on every release, while the recorded exchanges of another run have 201: its database held no types of quotas',
  },
]

let served: Served | undefined
afterEach(async () => {
  await served?.stop()
  served = undefined
})

/** acme as in the seed, and what the runs had besides. */
async function serve(release: string) {
  served = await serveQuay()
  const { registry } = served.quay
  const now = served.clock.now
  registry.release = release
  // No e-mail was asked for.
  registry.features.MAILING = false
  const repository = (id: number, namespace: string, name: string) => emptyRepository({ id, namespace, name, created: now })
  const [api, shop, ...others] = registry.repositories
  if (!api || !shop) throw new Error('the seed has acme/api and acme/shop')
  registry.repositories = [api, shop, repository(900, 'acme', 'mir'), repository(901, 'labs', 'x'), ...others]
  api.userPermissions.bea = 'admin'
  for (const one of registry.repositories) if (one.namespace === 'labs') one.userPermissions.bea = 'admin'
  const labs = findOrganization(registry, 'labs')
  labs?.teams.push(team(902, 'viewers', 'member', ['quaymaster']))
  const own = emptyOrganization(910, 'own', 'own@example.com', now)
  registry.organizations.push({ ...own, teams: [team(911, 'owners', 'admin', ['quaymaster'])] })
  return served
}

/** What was there before a run of this name. */
function prepare({ quay: { registry }, clock: { now } }: Served, name: string) {
  for (const letter of ['m', 'k'])
    registry.repositories.push(emptyRepository({ id: registry.nextId++, namespace: 'acme', name: `${name}${letter}`, created: now }))
  for (const ending of ['del', 'del2']) registry.organizations.push(emptyOrganization(registry.nextId++, `${name}${ending}`, null, now))
}

const cellsOf = (calls: ReleaseCall[], run: string) =>
  calls.flatMap((call) => {
    const answer = verdicts[call[0]]?.answers[run]
    return answer === undefined ? [] : [{ call, answer }]
  })

/** One run over all calls; what is otherwise than recorded. */
async function play(at: Served, calls: ReleaseCall[], run: string, scopes: string[], name: string) {
  const token = at.quay.tokenWith('quaymaster', scopes)
  const admin = at.quay.tokenWith('quaymaster', [...scopes, 'user:admin'])
  const made: Record<string, string> = { n: name, O: 'own', quota: '0', build: 'none' }
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (all, key: string) => made[key] ?? all)
  const wrong: string[] = []
  let compared = 0
  for (const { call, answer } of cellsOf(calls, run)) {
    const [title, method, path, body] = call
    const address = path.startsWith(':') ? path.slice(1) : `/api/v1${filled(path)}`
    const sent = body === undefined ? undefined : (JSON.parse(filled(JSON.stringify(body))) as unknown)
    const told = await at.call(method, address, { token: title === 'org create(no mail)' ? admin : token, body: sent })
    learn(at, made, title, told)
    const [status = '', ...words] = answer.split(' ')
    const left = leftOut.find((one) => one.call === title && one.answer.test(answer))
    if (left && left.only === undefined) continue
    compared++
    if (told.status !== Number(status)) wrong.push(`${run}: ${title} is ${told.status} instead of ${answer} ${told.text.slice(0, 120)}`)
    else if (!left && !says(title, told).startsWith(plain(words.join(' '))))
      wrong.push(`${run}: ${title} says ${says(title, told)} instead of ${words.join(' ')}`)
  }
  return { wrong, compared }
}

function learn(at: Served, made: Record<string, string>, title: string, { body, status }: Answered) {
  if (title === 'quota post') made.quota = String(findOrganization(at.quay.registry, 'acme')?.quotas[0]?.id ?? 0)
  if (title === 'build start' && status === 201) made.build = (body as { id: string }).id
}

/** Names that a run made up, and uuids, read alike in all. */
const plain = (text: string) => text.replace(/\b[xy][0-9a-f]{6}\b/g, 'x').replace(/'[0-9a-f]{8}-[0-9a-f-]{27}'/g, "'uuid'")

function says(title: string, { status, text, body }: Answered) {
  if (text.startsWith('<')) return 'html'
  if (status >= 400) return wordsOf(body)
  // A string is an answer too; what it tells is itself.
  return plain(tellers[title]?.(body as Record<string, unknown>) ?? '')
}

function wordsOf(body: unknown) {
  const { detail, message } = body as { detail?: string; message?: string }
  return detail ?? message ?? ''
}

const superusers = [
  ['3.12.21', ['on', 'off']],
  ['3.16.5', ['on', 'off']],
  ['3.18.0', ['on']],
] as const

for (const [release, states] of sampled(superusers, 3, 2)) {
  test(`Quay ${release}: what it answers a superuser about what belongs to others`, async () => {
    const at = await serve(release)
    const wrong: string[] = []
    for (const [index, state] of states.entries()) {
      at.quay.registry.superusersFullAccess = state === 'on'
      const name = `x00000${index}`
      prepare(at, name)
      const played = await play(at, otherCalls, `v${release} full access ${state}`, ['super:user'], name)
      wrong.push(...played.wrong)
      expect(played.compared).toBeGreaterThanOrEqual(82)
    }
    expect(wrong).toEqual([])
  })
}

for (const release of sampled(['3.12.21', '3.16.5'], 2)) {
  test(`Quay ${release}: what it answers an account about the organization it owns, by the scopes of its token`, async () => {
    const at = await serve(release)
    const wrong: string[] = []
    let run = 0
    for (const state of ['off', 'on']) {
      at.quay.registry.superusersFullAccess = state === 'on'
      for (const [token, scopes] of Object.entries(tokens)) {
        const played = await play(at, ownCalls, `v${release} full access ${state}, token ${token}`, scopes, `y00000${run++}`)
        wrong.push(...played.wrong)
        expect(played.compared).toBe(33)
      }
    }
    expect(wrong).toEqual([])
  })
}

test('every call that was recorded is made, and every run is played', () => {
  const made = new Set([...otherCalls, ...ownCalls].map(([name]) => name))
  expect(Object.keys(verdicts).filter((name) => !made.has(name))).toEqual([])
  const runs = new Set(Object.values(verdicts).flatMap(({ answers }) => Object.keys(answers)))
  expect(runs.size).toBe(5 + 12)
})
