import { expect, test } from 'vitest'
import { discover, refreshCapabilities } from '../../src/quay/facts.ts'
import { quayHealth } from '../../src/quay/health.ts'
import { withPriority } from '../../src/quay/http.ts'
import { swagger } from './recordings.ts'
import { type Answer, type Request, startServer } from './start-server.ts'

const notFound = { status: 404, body: { detail: 'Not Found' } }
const denied = { status: 403, body: { detail: 'Unauthorized' } }
const html = '<!DOCTYPE html>'

const settings = {
  config: { AUTHENTICATION_TYPE: 'LDAP', TAG_EXPIRATION_OPTIONS: ['0s', '2w'] },
  features: { MAILING: true, RESTRICTED_USERS: false, NOT_A_FLAG: 'x' },
}

/** A registry where superusers may do everything, but for what is given. */
function registry(answers: { user?: Answer; repository?: Answer; config?: Answer; discovery?: Answer } = {}) {
  return ({ path }: Request): Answer => {
    if (path === '/api/v1/user/') return answers.user ?? { body: { username: 'quaybot', email: 'x' } }
    if (path === '/config') return answers.config ?? { body: settings }
    if (path === '/api/v1/discovery') return answers.discovery ?? { body: swagger }
    return answers.repository ?? notFound
  }
}

test('a registry is asked about itself at start', async () => {
  const { quay, requests } = await startServer(registry())

  const { capabilities: facts } = await discover(quay)

  expect(facts).toMatchObject({
    account: 'quaybot',
    superusersFullAccess: true,
    authentication: 'LDAP',
    tagExpirations: ['0s', '2w'],
    unread: [],
  })
  expect(facts.features).toMatchObject({ MAILING: true, RESTRICTED_USERS: false, SUPERUSERS_ORG_CREATION_ONLY: true })
  expect(facts.features).not.toHaveProperty('NOT_A_FLAG')
  expect(requests.map(({ path }) => path).filter((path) => path === '/api/v1/user/')).toHaveLength(1)
  expect(requests).toHaveLength(5)
  expect(requests.find(({ path }) => path === '/api/v1/discovery')?.query.get('internal')).toBe('true')
})

test('of quay.io one true sentence, instead of advice to renew the token', async () => {
  const { quay } = await startServer(() => denied)
  expect((await quayHealth(quay, Date.now)).problem?.message).toContain('must renew it with the scope super:user')
  const away = { ...quay, tokenAccepted: { value: true }, url: 'https://quay.io' }
  away.dispatcher = quay.dispatcher.compose((dispatch) => (options, handler) => dispatch({ ...options, origin: quay.url }, handler))
  expect((await quayHealth(away, Date.now)).problem?.message).toMatch(
    /^quay\.io does not show customers which users are enabled or superusers, so Quaymaster can’t run commands there\. It needs a Quay registry of your own\./,
  )
})

test('the API document tells what is offered, whatever its parameters are called', async () => {
  const { quay } = await startServer(registry())
  const { capabilities: facts } = await discover(quay)

  expect(facts.offers('/repository/{repository}/mirror', 'POST')).toBe(true)
  expect(facts.offers('/organization/{whatever}/team/{else}', 'PUT')).toBe(true)
  expect(facts.offers('/organization/{orgname}/team/{teamname}', 'GET')).toBe(false)
  expect(facts.offers('/repository/{repository}/fly', 'POST')).toBe(false)
})

test('the API document tells which fields a call takes; what it does not say is not known', async () => {
  const { quay } = await startServer(registry())
  expect(quay.capabilities.accepts('/repository/{repository}/tag/{tag}', 'PUT', 'immutable')).toBeUndefined()
  const { capabilities: facts } = await discover(quay)

  expect(facts.accepts('/repository/{repository}/tag/{tag}', 'PUT', 'immutable')).toBe(true)
  expect(facts.accepts('/repository/{repo}/autoprunepolicy/', 'POST', 'tagPattern')).toBe(true)
  expect(facts.accepts('/repository/{repository}/mirror', 'PUT', 'skopeo_timeout_interval')).toBe(true)
  expect(facts.accepts('/repository/{repository}/mirror', 'POST', 'wings')).toBe(false)
  expect(facts.accepts('/repository/{repository}/fly', 'POST', 'wings')).toBeUndefined()
})

test('whatever cannot be read allows less, and is asked for again', async () => {
  let broken = true
  const { quay, requests } = await startServer((request) => (broken ? { status: 500, body: html } : registry()(request)))

  const { capabilities: facts } = await discover(quay)
  expect(facts).toMatchObject({
    superusersFullAccess: false,
    authentication: 'unknown',
    unread: ['account', 'fullAccess', 'configuration', 'document', 'sight'],
  })
  expect(facts.features).toMatchObject({
    MAILING: false,
    RESTRICTED_USERS: true,
    SUPERUSERS_ORG_CREATION_ONLY: true,
    READER_BUILD_LOGS: false,
  })
  expect(facts.offers('/messages', 'GET')).toBe(true)

  broken = false
  const copy = withPriority(quay, { class: 'background' })
  await refreshCapabilities(quay)
  expect(copy.capabilities).toMatchObject({ superusersFullAccess: true, authentication: 'LDAP', unread: [] })

  const before = requests.length
  await refreshCapabilities(quay)
  expect(requests).toHaveLength(before)
})

test.each([
  ['Quay refuses the probe', { repository: denied }],
  ['the probe finds something', { repository: { body: { name: 'probe' } } }],
  ['superusers only read', { config: { body: { ...settings, features: { SUPERUSERS_FULL_ACCESS: false } } } }],
])('no full access when %s', async (_, answers) => {
  const { quay } = await startServer(registry(answers))

  expect((await discover(quay)).capabilities.superusersFullAccess).toBe(false)
})

test('a token that may not say whose it is is no bad token', async () => {
  const { quay } = await startServer(
    registry({ user: { status: 401, body: { session_required: false, detail: 'Requires authentication' } } }),
  )

  const { capabilities: facts } = await discover(quay)

  expect(facts.account).toBeUndefined()
  expect(facts.unread).toEqual([])
  expect(quay.tokenAccepted.value).toBe(true)
})

test('a registry without the document is not thought to offer nothing', async () => {
  const { quay } = await startServer(registry({ discovery: { status: 404, body: html } }))

  expect((await discover(quay)).capabilities.offers('/messages', 'GET')).toBe(true)
})
