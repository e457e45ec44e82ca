import { globSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { type Language, translator } from '../../src/core/i18n.ts'
import { checkBlocks, type Edition } from '../../src/sandbox/slack/block-kit-check.ts'
import { isFields, lengthOf } from '../../src/sandbox/slack/json.ts'
import { type Modes, plainly } from '../../src/slack/drawing.ts'
import { fitted } from '../../src/slack/fitted.ts'
import { csvOf } from '../../src/slack/lists/csv.ts'
import { listIn } from '../../src/surfaces/download.ts'
import { sampled, sized } from '../sized.ts'
import { type Shape, samples } from './list-samples.ts'

// Each list has one description, from which a table, lines, a text and a file are drawn.

const today: Modes = { table: true, chart: true, plan: true, cellButtons: false }
const withButtons: Modes = { ...today, cellButtons: true }

beforeAll(() => loadCommands())

function drawn(name: string, shape: Shape, language: Language = 'en') {
  const command = commands.get(name)
  const result = samples[name]?.(shape)
  if (!command || !result) throw new Error(`no list ${name}`)
  return command.view(result, translator(language))
}

test('every list has a sample', async () => {
  const named = globSync('src/commands/**/*.ts')
    .filter((file) => /\b(?:listMessage|logView|totalsView)\b/.test(readFileSync(file, 'utf8')))
    .map((file) => file.replace('src/commands/', '').replace('.ts', '').replaceAll('/', ' '))
  expect(named.toSorted()).toEqual(Object.keys(samples).toSorted())
})

const isWide = new Set(['access list', 'audit list', 'subscription list'])
const three: Shape = { rows: 3, name: (index) => `web-${index}` }

describe.each(Object.keys(samples).map((name, index) => [name, index] as const))('%s', (name, index) => {
  test('as a table, as lines, as text, as a file', () => {
    const shown = drawn(name, three)
    const list = listIn(shown)
    if (!list) throw new Error('no list')
    expect({
      text: shown.text,
      table: fitted(shown, today).blocks.flatMap((block) => (block.type === 'data_table' ? rowsIn(block) : [])),
      lines: fitted(shown, plainly).blocks.flatMap((block) => (block.type === 'section' ? (block.text?.text.split('\n') ?? []) : [])),
      opens: list.rows.map(({ opens }) => opens?.word),
      file: csvOf(list).split('\n'),
    }).toMatchSnapshot()
  })

  const names: [string, Shape['name']][] = [
    ['short names', (index) => `web-${index}`],
    ['names of 200 characters', (index) => `${index}-${'long-name-'.repeat(20)}`.slice(0, 200)],
    ['names from right to left', (index) => `مستودع-${index}`],
    ['Japanese names', (index) => `リポジトリー${index}`],
    ['names that look like markup', (index) => `<!channel> *a* \`b\` & ${index}`],
  ]
  const editions: [Edition, Modes][] = [
    ['today', today],
    ['today', withButtons],
    ['older', today],
    ['refusing', plainly],
  ]
  test.each(sampled(names, names.length, index))('%s, however many', (_, each) => {
    for (const rows of sized([0, 250], [0, 1, 100, 250], [0, 1, 100, 250]))
      for (const language of sampled(['en', 'ja'] as const, 2, index + Number(rows > 0))) {
        const shown = drawn(name, { rows, name: each }, language)
        for (const [edition, modes] of editions) {
          const { blocks } = fitted(shown, modes)
          if (edition === 'older' && modes.cellButtons) continue
          expect(checkBlocks(blocks, 'message', '/blocks', edition)).toEqual([])
          expect(textIn(blocks)).toBeLessThan(12_000)
          const table = blocks.find((block) => block.type === 'data_table')
          expect(table !== undefined).toBe(rows > 0 && modes.table)
          // Whatever does not fit is said, and with short names a hundred rows do, of all but the widest lists, which have fewer rows a page.
          if (table && 'rows' in table) {
            const left = rows - (table.rows.length - 1)
            expect(left > 0).toBe(/(?:do|does) not fit|収まらない/.test(JSON.stringify(blocks)))
            if (each(0) === 'web-0' && rows <= 100 && !isWide.has(name)) expect(left).toBe(0)
          }
        }
        expect(lengthOf(shown.text)).toBeLessThan(4000)
        expect(JSON.stringify(shown)).not.toMatch(/undefined|NaN|\[object|Invalid Date/)
      }
  })
})

function rowsIn(table: { rows: unknown[][] }) {
  return table.rows.map((row) =>
    row.map((cell) => JSON.stringify(cell).replaceAll(/"type":"(raw_text|rich_text|rich_text_section)",?/g, '')).join(' | '),
  )
}

/** As Slack may count what a message says: the text of everything in it. */
function textIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + textIn(one), 0)
  if (!isFields(value)) return 0
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? lengthOf(one) : textIn(one)),
    0,
  )
}
