import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyOrganization, emptyRepository, emptyUser, team } from '../../../src/sandbox/quay/seed-parts.ts'
import { sampled } from '../../sized.ts'
import { recordedData } from './recorded-fixture.ts'
import { type Served, serveQuay } from './serve.ts'

interface Scopes {
  scopes: string[]
  matrix: Record<string, Record<string, Record<string, number>>>
}
const { scopes, matrix } = JSON.parse(readFileSync('test/recorded/quay/scope-matrix.json', 'utf8')) as Scopes

let served: Served
beforeAll(async () => {
  served = await serveQuay()
})
afterAll(() => served.stop())

/** A plain owner of freshorg, and devtable, a superuser to whom it does not belong. */
function fixture() {
  const { now } = served.clock
  const data = recordedData(now)
  data.users.push(emptyUser(300, 'scopeowner', 'scopeowner@example.com', now), emptyUser(301, 'carol', 'carol@example.com', now))
  const teams = [team(311, 'owners', 'admin', ['scopeowner']), team(312, 't1', 'member', [])]
  data.organizations.push({ ...emptyOrganization(310, 'freshorg', 'freshorg@example.com', now), teams })
  data.repositories.push(emptyRepository({ id: 313, namespace: 'freshorg', name: 'r1', created: now }))
  Object.assign(served.quay.registry, data)
}

const bodies: Record<string, unknown> = {
  'POST /organization/': { name: 'neworg9', email: 'n9@example.com' },
  'POST /repository': { namespace: 'freshorg', repository: 'r9', visibility: 'private', description: '' },
  'PUT /repository/freshorg/r1': { description: 'd' },
  'POST /repository/freshorg/r1/changevisibility': { visibility: 'public' },
  'PUT /repository/freshorg/r1/changestate': { state: 'READ_ONLY' },
  'PUT /repository/freshorg/r1/permissions/user/reader': { role: 'read' },
  'POST /repository/freshorg/r1/build/': { archive_url: 'https://example.com/src.tar.gz' },
  'PUT /organization/freshorg/team/t{i}': { role: 'member' },
  'PUT /organization/freshorg': { email: 'f9@example.com' },
  'PUT /superuser/users/carol': { email: 'c9@example.com' },
}

test('a token with one scope may do exactly what it may at a real Quay', async () => {
  const wrong: string[] = []
  for (const [who, calls] of Object.entries(matrix)) {
    for (const [nth, [address, statuses]] of Object.entries(calls).entries()) {
      const [method = '', path = ''] = address.split(' ')
      for (const scope of sampled(scopes, 4, nth)) {
        fixture()
        // The recorder had given the permission before it asked for it.
        const r1 = served.quay.registry.repositories.at(-1)
        if (path.endsWith('/transitive') && r1) r1.userPermissions.reader = 'read'
        const token = served.quay.tokenWith(who === 'sc_owner' ? 'scopeowner' : 'devtable', [scope])
        const body = bodies[address] ?? (method === 'GET' ? undefined : {})
        const { status } = await served.call(method, `/api/v1${path.replace('{i}', '77')}`, { token, body })
        if (status !== statuses[scope]) wrong.push(`${who} with ${scope}: ${address} ${status} instead of ${statuses[scope]}`)
      }
    }
  }
  expect(wrong).toEqual([])
})
