import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fullName } from '../../../src/sandbox/quay/lookup.ts'
import { sampleData } from '../../../src/sandbox/quay/sample-events.ts'
import { slackBody } from '../../../src/sandbox/quay/slack-bodies.ts'
import { bodyFor, events } from '../../../src/sandbox/quay/webhooks.ts'
import { serveQuay } from './serve.ts'
import { differences, shapeOf } from './shape.ts'

interface Recorded {
  name: string
  event?: string
  eventConfig?: Record<string, unknown>
  payload?: Record<string, unknown>
  bodyParsed?: Record<string, unknown>
}
const recordings = readFileSync('test/recorded/quay/webhooks.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded)

test('the body of every test delivery is what a real Quay sends for that event', async () => {
  const { quay, stop } = await serveQuay()
  const [repository] = quay.registry.repositories
  if (!repository) throw new Error('the seed has repositories')
  const world = { registry: quay.registry, now: Date.now, origin: () => 'http://127.0.0.1:8080', notify: () => {} }
  const compared: string[] = []
  for (const { name, event = '', eventConfig = {}, payload } of recordings) {
    if (!payload) continue
    const notification = { uuid: 'u', title: null, event, method: 'webhook', config: {}, eventConfig, failures: 0 }
    const object = event.startsWith('quota_') ? repository.namespace : fullName(repository)
    const body = bodyFor(world, object, sampleData(notification))
    expect(differences(shapeOf(payload), shapeOf(body), name, () => false)).toEqual([])
    compared.push(event)
  }
  expect(new Set(compared)).toEqual(new Set([...events, 'quota_warning', 'quota_error']))
  await stop()
})

test('what goes to Slack by Quay itself has the recorded shape', () => {
  for (const { name, bodyParsed } of recordings.filter((one) => one.bodyParsed?.username === 'quayiobot')) {
    const body = slackBody('repo_push', { repository: 'acme/api', homepage: 'https://quay.example.com/repository/acme/api' })
    expect(differences(shapeOf(bodyParsed), shapeOf(body), name, () => false)).toEqual([])
  }
})
