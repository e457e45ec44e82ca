import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startSimulators } from '../start-simulators.ts'

test('with the address of a bot the simulated Slack posts commands there, and passes on what Slackbot calls', async () => {
  const heard: unknown[] = []
  const bot = createServer((request, response) => {
    heard.push([request.method, request.url, 'x-slack-signature' in request.headers])
    request.resume().on('end', () => response.end())
  }).listen(0, '127.0.0.1')
  await once(bot, 'listening')
  onTestFinished(() => void bot.close())
  const { origin } = await startSimulators({ botAt: `http://127.0.0.1:${(bot.address() as AddressInfo).port}` }) // it listens on a port
  const body = JSON.stringify({ user: 'alice', channel: 'general', text: '/quay status' })
  await fetch(`${origin}/_control/slash`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  await fetch(`${origin}/mcp/slack`, { method: 'POST', headers: { 'x-slack-signature': 'v0=it' }, body: '{}' })
  expect(heard).toEqual([
    ['POST', '/slack/events', true],
    ['POST', '/mcp/slack', true],
  ])
})
