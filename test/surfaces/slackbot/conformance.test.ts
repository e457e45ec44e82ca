import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { answerSlackbot } from '../../../src/surfaces/slackbot/door.ts'
import { isCi, sampled } from '../../sized.ts'
import { startBot } from '../../start-bot.ts'
import { applies, others, revisions } from './conformance.ts'
import { startSigningProxy } from './signing-proxy.ts'
import { slackbotAt } from './slackbot.ts'

// The protocol's own suite against the door, through a proxy that does what Slack does: names a person, and signs.

const started = await startBot({ until: afterAll })
// The door alone: the sandbox around it has a look of its own at Host and Origin.
const server = createServer((request, response) => void answerSlackbot(started.bot, request, response)).listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp/slack` // it listens on a port
const proxy = await startSigningProxy({ ...slackbotAt(started), url }, 'U0ALICE')
afterAll(async () => {
  await proxy.stop()
  server.closeAllConnections()
  server.close()
})

const suite = join(dirname(fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/package.json'))), 'dist', 'index.js')

/** What the suite prints. It ends with 1 when a scenario fails. */
function runSuite(...words: string[]) {
  return new Promise<string>((resolve) => {
    execFile(process.execPath, [suite, ...words], { maxBuffer: 50_000_000 }, (_, out, err) => resolve(out + err))
  })
}

interface Check {
  id: string
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED'
  errorMessage?: string
}

/** All checks of a revision's scenarios, by scenario. */
async function checksOf(revision: string) {
  const folder = await mkdtemp(join(tmpdir(), 'quaymaster-conformance-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await runSuite('server', '--url', proxy.url, '--suite', 'all', '--spec-version', revision, '--output-dir', folder)
  const names = await readdir(folder)
  const read = names.map(async (name) => {
    const checks = JSON.parse(await readFile(join(folder, name, 'checks.json'), 'utf8')) as Check[]
    return [name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, ''), checks] as const
  })
  return new Map(await Promise.all(read))
}

function bad({ status }: Check) {
  return status === 'FAILURE' || status === 'WARNING'
}

test.runIf(isCi)('each scenario of the suite is known to be about the door, or about something that it has not', async () => {
  const listed = [...(await runSuite('list', '--server')).matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name)
  expect(listed.length).toBeGreaterThan(50)
  expect(listed.toSorted()).toEqual([...Object.keys(applies), ...Object.keys(others)].toSorted())
})

test.for(sampled(revisions, 3, 1))('the door passes what applies to a server with tools alone, in the revision %s', async (revision) => {
  const all = await checksOf(revision)
  const ours = [...all].filter(([scenario]) => scenario in applies)
  expect(ours.length).toBeGreaterThan(3)
  const wrong = ours.flatMap(([scenario, checks]) =>
    checks
      .filter((one) => bad(one) && !(one.id in (applies[scenario] ?? {})))
      .map(({ id, errorMessage }) => `${scenario} ${id}: ${errorMessage}`),
  )
  expect(wrong).toEqual([])
  // What could not be checked here still cannot: else it belongs to what the door must pass.
  const passed = ours.flatMap(([scenario, checks]) =>
    checks.filter((one) => one.status === 'SUCCESS' && one.id in (applies[scenario] ?? {})).map(({ id }) => id),
  )
  expect(passed).toEqual([])
  // Whatever it was asked, each of its answers fits the protocol's schema.
  const misshapen = [...all].filter(([, checks]) => checks.some(({ id, status }) => id === 'wire-schema-valid' && status !== 'SUCCESS'))
  expect(misshapen).toEqual([])
  expect(ours.flatMap(([, checks]) => checks).filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThan(5)
})
