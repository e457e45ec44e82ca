import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answerPolicy } from '../../src/app/policy-command.ts'
import { readConfig } from '../../src/core/config.ts'
import { readPolicy } from '../../src/core/policy.ts'
import { queues } from '../../src/db/queues.ts'
import { startBot } from '../start-bot.ts'

// The names of release 0.1.0 (1f8a43a) that operators have in their files, dashboards and databases.

async function file(text: string) {
  const path = join(tmpdir(), `policy-${process.pid}-${Math.random()}.yml`)
  await writeFile(path, text)
  return path
}

const rule = (key: string) =>
  `approvals:\n  - { name: one, ${key}: [repo create], channel: C024BE91L, approvers: [quay:superuser], remind: [4h], expires: 2d }\n`

test('a policy is read with commands, and with operations as before: it is the same policy', async () => {
  const [now, before] = [readPolicy(await file(rule('commands'))), readPolicy(await file(rule('operations')))]
  expect('policy' in now && now.policy).toEqual('policy' in before && before.policy)
  expect(now).toMatchObject({ policy: { approvals: [{ operations: ['repo create'] }] } })
  expect(readPolicy(await file(rule('commands: [repo delete], operations')))).toMatchObject({
    problems: [expect.stringContaining('must have either commands or effects')],
  })
})

test('a policy in which every key of that release stands is valid', async () => {
  const all = `identity: { map: { U024BE7LH: quayadmin }, email: unverified }
superusers: [U024BE7LH, S0PLATFORM]
protected: [platform]
archives: { hosts: ["*.corp.example"] }
default: ask
subscriptions: { ceiling: 100 }
fallback: { channel: C024BE91L, approvers: [quay:namespace-admin] }
approvals:
  - name: one
    operations: [repo create, mirror create]
    namespaces: ["prod-*"]
    when: { visibility: public }
    ask: without-right
    requesters: [everyone]
    channel: C024BE91L
    approvers: [S0PLATFORM, quay:namespace-admin]
    needed: 1
    remind: [4h, 1d]
    escalate: { after: 2d, to: [S0MANAGERS] }
    expires: 3d
    reason: { required: true, pattern: "JIRA-\\\\d+" }
  - { name: two, effects: [makes-public, destroys], channel: C024BE91L, approvers: [quay:superuser] }
`
  expect(readPolicy(await file(all))).toHaveProperty('policy')
})

test('npm run policy takes --command, and --operation as before', async () => {
  const path = await file(rule('operations'))
  const input = ['--input', '{"repository":"acme/web"}']
  const now = await answerPolicy(['test', path, '--command', 'repo create', ...input])
  expect(now).toMatchObject({ code: 0, text: expect.stringContaining('needs approval (policy “one”)') })
  expect(await answerPolicy(['test', path, '--operation', 'repo create', ...input])).toEqual(now)
})

test('its queues are there', () => {
  expect(Object.keys(queues)).toEqual(
    expect.arrayContaining([
      'seal-audit',
      'clean-up',
      'fan-out',
      'deliver',
      'follow-builds',
      'heal-subscriptions',
      'reconcile',
      'digest',
      'show-homes',
      'run-request',
      'show-request',
      'note-request',
      'sweep-requests',
      'export-logs',
    ]),
  )
})

test('its settings are read', () => {
  const all = {
    NODE_ENV: 'test',
    MODE: 'live',
    SLACK_BOT_TOKEN: 'xoxb-1-abcdefghij',
    SLACK_APP_TOKEN: 'xapp-1-abcdefghij',
    SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef',
    SLACK_API_URL: 'http://127.0.0.1:3000/api/',
    QUAY_URL: 'https://quay.example.com',
    QUAY_TOKEN: '0123456789abcdef0123456789abcdef01234567',
    QUAY_RATE: '5',
    PUBLIC_URL: 'https://quaymaster.example.com',
    PORT: '3000',
    HOST: '127.0.0.1',
    POLICY_FILE: 'policy.example.yml',
    DATA_DIR: '/var/lib/quaymaster',
    DATABASE_URL: 'postgres://localhost/quaymaster',
    SECRETS_KEY: '0123456789abcdef0123456789abcdef',
    LANGUAGE: 'ja',
    LOG_LEVEL: 'debug',
  }
  const read = readConfig(all)
  const kept = Object.keys('config' in read ? read.config : read)
  expect(kept).toEqual(expect.arrayContaining(Object.keys(all)))
})

test('its metrics are counted', async () => {
  const { alice, origin } = await startBot()
  await alice.types('/quay repo list acme')
  const scraped = await (await fetch(`${origin}/metrics`)).text()
  for (const name of [
    'quaymaster_operations_total{operation="repo list",outcome="done"}',
    'quaymaster_quay_call_seconds_count{method=',
    'quaymaster_ready',
    'quaymaster_requests{state="pending"}',
    'quaymaster_events_waiting',
    'quaymaster_audit_unsealed',
  ])
    expect(scraped).toContain(name)
})
