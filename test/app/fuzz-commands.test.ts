import { afterAll, expect, test } from 'vitest'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { form, postAsSlack, seeded, slash } from './signed.ts'

const count = sized(40, 200, 20_000)
const started = await startBot({ transport: 'http', until: afterAll })
const { origin, slack, log, alice } = started
await loadCommands()

const poisons = [
  '\u0000',
  '\ud800',
  '\u202e',
  '\u200b',
  '"',
  '“',
  '=',
  '--',
  '—',
  '<!channel>',
  '<@U0BEA|bea>',
  '<https://x.example|x>',
  '../..',
  '%2e',
  '#',
  '?',
  '{}',
  "'",
  'constructor',
  '__proto__',
  '{names}',
  '١٢',
  '1e999',
  '-1',
  'x'.repeat(3_000),
  ' '.repeat(500),
  '\n',
  '&amp;',
  '|',
  '`',
  '🚀',
]

/** An example of the help, with a part cut, doubled, swapped or poisoned. Carl may do little, so that nothing is deleted by it. */
function mutated(text: string, random: () => number) {
  const words = text.split(' ')
  const pick = <Of>(all: readonly Of[]) => all[Math.floor(random() * all.length)] as Of // none is empty
  const at = Math.floor(random() * (text.length + 1))
  const ways = [
    () => text.slice(0, at) + pick(poisons) + text.slice(at),
    () => words.map((word) => (random() < 0.3 ? pick(poisons) : word)).join(' '),
    () => words.toSorted(() => random() - 0.5).join(' '),
    () => `${text} ${pick(words)}=${pick(poisons)}`,
    () => text.slice(0, at),
    () => `${text} ${text}`,
    () => words.map((word) => word.replace(/=.*$/s, `=${pick(poisons)}`)).join(' '),
  ]
  return pick(ways)()
}

test(`${count} mutated commands: each acknowledged, none a bug, none accepted that was not meant`, async () => {
  const examples = [...commands.values()].flatMap((operation) => operation.examples)
  const statuses = new Set<number>()
  const wave = 20
  for (let from = 0; from < count; from += wave) {
    await Promise.all(
      Array.from({ length: Math.min(wave, count - from) }, async (_, index) => {
        const random = seeded(from + index)
        const example = examples[Math.floor(random() * examples.length)] ?? ''
        // A guest: refused whatever it is, after everything of it was read.
        const user = random() < 0.5 ? 'U0CARL' : 'U0ALICE'
        const body = slash(mutated(example.replace(/^(?:repo|org|user|robot|team|tag) delete/, 'repo show'), random), {
          user_id: user,
          trigger_id: `1.${from + index}`,
        })
        statuses.add((await postAsSlack(origin, body, form, { secret: slack.tokens.signingSecret })).status)
      }),
    )
  }
  expect([...statuses]).toEqual([200])
  await expect
    .poll(() => started.bot.metrics.registry.getSingleMetric('quaymaster_operations_total')?.get().then(total), { timeout: 200_000 })
    .toBe(count)
  const bugs = log()
    .split('\n')
    .filter((line) => line.includes('"a bug"') || line.includes('could not be read'))
  expect(bugs).toEqual([])
  expect((await alice.types('/quay whoami')).text).toContain('alice')
}, 600_000)

type Metric = { values: { value: number }[] } | undefined

function total(metric: Metric) {
  return metric?.values.reduce((sum, { value }) => sum + value, 0)
}
