import { afterAll, describe, expect, test } from 'vitest'
import { accessGrants, accessHolds, hooks, subscriptions } from '../../src/db/schema.ts'
import { discover } from '../../src/quay/facts.ts'
import { readmeScopes } from '../../src/sandbox/quay/api.ts'
import { memberScopes } from '../../src/sandbox/quay/settings.ts'
import { buttonOf } from '../../src/surfaces/modals/titles.ts'
import type { Seen } from '../people.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { type Cell, causeOf, explains, lacks, seedRows, untrue } from './every-quay.ts'
import { type Entry, foreignCommandOf, table } from './table-entries.ts'
import { furnish } from './table-registry.ts'
import { asking, emergency } from './table-run.ts'
import { typedCommand } from './typed.ts'

// Every command on every Quay that people run: each cell works, or says a sentence that is true of this registry. `npm run
// every-quay` tries and prints all of them; docs/quay.md, Releases holds the summary. `npm test` tries every fourth command, each on one of
// three, and every sixth as somebody who may not.

const isAll = process.env.FAULTS === 'all'
const releases = ['3.10', '3.12', '3.15', '3.16', '3.18']
const everything = releases.flatMap((release) =>
  [true, false].flatMap((fullAccess) => (['README', 'A'] as const).map((setup): Cell => ({ release, fullAccess, setup }))),
)
const sample: Cell[] = [
  { release: '3.12', fullAccess: true, setup: 'README' },
  { release: '3.16', fullAccess: false, setup: 'README' },
  { release: '3.10', fullAccess: false, setup: 'A' },
]

const started = await startBot({
  until: afterAll,
  policy: {
    default: 'run',
    approvals: [{ ...asking(), namespaces: ['labs'], approvers: ['U0BEA', 'U0DORA'] }],
    'break-glass': [emergency()],
  },
})
const { quay, bot } = started
const restore = furnish(quay)
bot.quay.limits.pauses = []
let next = 0

const all = Object.entries(table).flatMap(([name, entry]) => (entry ? [{ name, entry }] : []))
const found = new Map<string, string[]>()
let column = ''

test('the audit log holds something', async () => {
  expect((await started.alice.types('/quay repo description acme/api Old')).text).toMatch(/^Description of/)
})

describe.each(isAll ? everything : sample)('Quay $release, full access $fullAccess, set-up $setup', (cell) => {
  const nth = sample.indexOf(cell)
  const key = `${cell.release} ${cell.fullAccess ? 'full' : 'off '} ${cell.setup}`

  test.each(sampled(all, 12, nth * 4))('/quay $name, by who may', async ({ name, entry }) => {
    await enter(cell, name)
    const reply = await typed(name, entry)
    note(key, name, reply, entry.says.test(reply.text))
    expect(allOf(reply)).not.toMatch(untrue(cell, name))
    if (seedRows.includes(name) && cell.setup === 'A') expect(reply.text).toMatch(entry.says)
    if (entry.says.test(reply.text)) return
    // Its heading, or the reason below it.
    if (!explains(reply.text, cell, name) && !explains(reasonOf(reply), cell, name)) expect(allOf(reply)).toMatch(entry.says)
  })

  test.runIf(isAll || cell.setup === 'README').each(sampled(all, 12, nth * 4 + 1))(
    '/quay $name, by who may not',
    async ({ name, entry }) => {
      const refused = foreignCommandOf(name, entry)
      if (!refused) return
      await enter(cell, name)
      const before = started.changes().length
      const reply = await started[refused.by].types(refused.command)
      expect(started.changes().slice(before)).toEqual([])
      expect(reply.text).not.toMatch(entry.says)
      // With full access, who is in no team is certain in every release.
      if (causeOf(cell) !== 'release') expect(allOf(reply)).not.toMatch(untrue(cell, name))
      // Without full access nobody can tell who is in a team; with it, who is in none has no role in any release.
      const isKnown = refused.isForSuperusers || causeOf(cell) !== 'flag'
      if (isKnown && !lacks(cell, name)) expect(reply.text).toMatch(/^You need (to be an? |the |)\*/)
      else if (!/^You need (to be an? |the |)\*/.test(reply.text) || !isKnown)
        expect(explains(reply.text, cell, name), reply.text).toBe(true)
    },
  )
})

/** The reason in the notes of an answer, without its heading. */
function reasonOf(reply: Seen) {
  return /^(Quay shows Quaymaster no |Quaymaster can’t tell whether)/.test(reply.text) ? allOf(reply) : ''
}

/** The registry as the cell has it, with one of everything. */
async function enter({ release, fullAccess, setup }: Cell, name: string) {
  restore()
  quay.registry.authenticationType = /^team (un)?sync/.test(name) ? 'LDAP' : 'Database'
  const isMember = setup === 'A'
  quay.set({ release, fullAccess, adminOf: isMember ? 'all' : [], scopes: isMember ? memberScopes : readmeScopes })
  bot.cache.clear()
  // What is left of another cell is about notifications and permissions that are gone.
  for (const rows of [subscriptions, hooks, accessGrants, accessHolds]) await bot.db.delete(rows)
  const settings = `${release} ${fullAccess} ${setup} ${quay.registry.authenticationType}`
  if (column !== settings) await discover(bot.quay)
  column = settings
  started.slack.workspace.messages.splice(0)
}

async function typed(name: string, { by, words, first, channel }: Entry): Promise<Seen> {
  const person = started[by]
  const before = first === undefined ? undefined : await person.types(first.replace('globex/NEXT', `labs/web-${next++}`), channel)
  // What it is about could not be made: that is the answer.
  if (before && /FEATURE_|before 3\.16/.test(before.text)) return before
  const command = await typedCommand(started, name, { words }, before)
  const reply = await person.types(command, channel)
  const asks = JSON.stringify(reply.blocks).includes('preview:confirm')
  return asks ? person.presses(buttonOf(name), reply, channel) : reply
}

function note(key: string, name: string, reply: Seen, works: boolean) {
  const line = works ? '✓' : reply.text.split('\n')[0]
  found.set(key, [...(found.get(key) ?? []), works ? '✓' : `${name}: ${line}`])
}

afterAll(() => {
  const lines = [...found].map(([key, cells]) => {
    const works = cells.filter((one) => one === '✓').length
    const said = new Map<string, string[]>()
    for (const one of cells.filter((line) => line !== '✓')) {
      const [command = '', sentence = ''] = one.split(/: (.*)/)
      said.set(sentence, [...(said.get(sentence) ?? []), command])
    }
    const rest = [...said].map(([sentence, commands]) => `      ${commands.length} × ${sentence} (${commands.join(', ')})`)
    return [`  ${key}: ${works} of ${cells.length} work`, ...rest].join('\n')
  })
  console.log(`\nEvery command on every Quay:\n${lines.join('\n')}\n`)
})
