import { afterAll, beforeEach, expect, test } from 'vitest'
import { furnish } from '../commands/table-registry.ts'
import { sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { type Case, cases, errors, methods, run, type Seen } from './after-the-change.ts'

// Every changing command, with Slack failing at every method that it uses after the change. `npm run test:faults` tries all of
// them, CI every tenth, `npm test` a few, of which each method fails in another way.

const started = await startBot({
  until: afterAll,
  policy: {
    approvals: [
      {
        ...{ name: 'ask', operations: ['repo create'], namespaces: ['globex'], ask: 'without-right', requesters: ['everyone'] },
        ...{
          channel: 'C0APPROVALS',
          approvers: ['U0DORA'],
          needed: 1,
          delegation: true,
          notify: 'direct',
          remind: [],
          expires: 86_400_000,
          reason: { required: false },
        },
      },
    ],
    default: 'run',
  },
})
const restore = furnish(started.quay)
started.bot.quay.limits.pauses = []
started.bot.slack.pauses = [1, 1, 1, 1]
const all = process.env.FAULTS === 'all'

beforeEach(() => {
  restore()
  started.bot.cache.clear()
})

/** Which methods a command calls after the change, found out by running it once with a Slack that is well. */
async function methodsOf(one: Case): Promise<string[]> {
  const used = new Set<string>()
  const watch = methods.map((method) => ({
    method,
    error: 'none',
    when: () => {
      used.add(method)
      return false
    },
  }))
  const seen = await run(started, one, watch)
  expect(seen, `${one.name}, ${one.way}`).toMatchObject({ happened: true, doubled: [], untrue: [], left: [], lost: [] })
  return [...used]
}

test('Slack fails after the change: it is said as happened, once, and nothing is lost', { timeout: 3_600_000 }, async () => {
  const counts = { commands: 0, runs: 0, happened: 0, untold: 0, lost: 0, doubled: 0, untrue: 0, left: 0 }
  const [wrong, early]: [string[], string[]] = [[], []]
  let turn = 0
  for (const [index, one] of cases().entries()) {
    // The commands that reveal something are few, and all are tried, but for `npm test`.
    if (!all && index % (one.operation.reveals ? sized(3, 1, 1) : sized(25, 5, 5)) !== 0) continue
    restore()
    counts.commands += 1
    for (const method of await methodsOf(one)) {
      for (const error of errors) {
        turn += 1
        if (turn % (one.operation.reveals ? sized(7, 3, 1) : sized(7, 2, 1)) !== 0) continue
        restore()
        started.bot.cache.clear()
        // For a moment, or for as long as the command is at work.
        const times = turn % 2 === 0 ? { times: 1 } : method === 'views.update' ? { times: 3 } : {}
        const seen = await run(started, one, [{ method, error, retryAfter: 0, ...times }])
        counts.runs += 1
        const about = `${one.name}, ${one.way}, ${method}: ${error}${'times' in times ? ' once' : ''}`
        if (!seen.happened && !one.entry.aboutTheBot) early.push(about)
        note(about, seen)
      }
    }
  }
  process.stdout.write(`\nAfter the change, Slack failing: ${JSON.stringify(counts)}\n`)
  expect(wrong.slice(0, 20)).toEqual([])
  // Only where nothing of Quay’s shows when the change is, Slack may fail before it.
  expect(early).toEqual([])

  function note(about: string, seen: Seen) {
    counts.happened += Number(seen.happened)
    const bad = {
      untold: seen.told.length === 0 ? ['silence'] : [],
      lost: seen.lost,
      doubled: seen.doubled,
      untrue: seen.untrue,
      left: seen.left,
    }
    for (const [kind, found] of Object.entries(bad)) {
      if (found.length === 0) continue
      counts[kind as keyof typeof bad] += found.length
      wrong.push(`${about}: ${kind}: ${found[0]}`.slice(0, 400))
    }
  }
})
