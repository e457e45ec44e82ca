import { expect, test } from 'vitest'
import { translator } from '../../src/core/i18n.ts'
import { openSelect, tableOf } from '../../src/slack/lists/table.ts'
import { asBold, asCode, asMark, asMoment, asNumber, asPerson, asSize, asText } from '../../src/slack/lists/values.ts'
import type { ListBlock, ListRow, Value } from '../../src/slack/message-blocks.ts'

// What a list becomes as Slack's table, cell by cell.

const t = translator('en')
const listOf = (columns: string[], rows: (Value | undefined)[][], more: Partial<ListBlock> = {}) =>
  ({
    ...{ type: 'list', caption: 'Tags', language: 'en' },
    columns: columns.map((title) => ({ title })),
    rows: rows.map((cells) => ({ cells: cells.map((cell) => cell ?? null) })),
    ...more,
  }) as unknown as ListBlock // what a table reads of it

const cellsOf = (list: ListBlock, withButtons = false) =>
  tableOf(list, { withButtons }).table.rows.map((row) =>
    row.map((cell) => {
      if (cell.type === 'raw_number') return `${cell.value}: ${cell.text}`
      if (cell.type === 'raw_text') return cell.text
      return cell.type === 'rich_text' ? JSON.stringify(cell.elements[0]) : 'button'
    }),
  )

const rank = (number: number, text: string) => ({ is: 'rank', number, text }) as Value

test.each<[string, (Value | undefined)[], string[]]>([
  ['numbers', [asNumber(1200, t), undefined], ['1200: 1,200', '-1: –']],
  ['sizes', [asSize(0, t), asSize(2048, t)], ['0: 0 B', '2048: 2 kB']],
  ['ranks', [rank(4, 'Critical'), undefined, rank(1, 'Low')], ['4: Critical', '-1: –', '1: Low']],
  ['moments', [{ is: 'moment', at: 1_999 }, undefined], ['1: 1970-01-01 00:00', '-1: –']],
  ['texts', [asText('a'), undefined], ['a', '–']],
  ['numbers among texts', [asNumber(5, t), asText('x'), undefined], ['5: 5', 'x', '–']],
])('a column of %s', (_, values, cells) => {
  const rows = values.map((value, index) => [asText(`row ${index}`), value])
  expect(
    cellsOf(listOf(['Name', 'Value'], rows))
      .slice(1)
      .map(([, cell]) => cell),
  ).toEqual(cells)
})

test('a column without a value is left out, the first never', () => {
  expect(cellsOf(listOf(['Name', 'Size', 'By'], [[undefined, undefined, asText('bea')]]))).toEqual([
    ['Name', 'By'],
    ['–', 'bea'],
  ])
})

test('people and channels are Slack’s own', () => {
  const [, row] = cellsOf(listOf(['Who', 'Where'], [[asPerson('U0BEA'), { is: 'channel', id: 'C1' } as Value]]))
  expect(row?.[0]).toContain('"user_id":"U0BEA"')
  expect(row?.[1]).toContain('"channel_id":"C1"')
})

test('a hundred rows at most, and how many are left', () => {
  const many = (count: number) =>
    tableOf(
      listOf(
        ['Name'],
        Array.from({ length: count }, (_, index) => [asText(`row ${index}`)]),
      ),
      { withButtons: false },
    )
  expect([many(100).table.rows.length, many(100).left]).toEqual([101, 0])
  expect([many(101).table.rows.length, many(101).left]).toEqual([101, 1])
})

test('long texts lose their middle, and rows that still do not fit are left out', () => {
  const wide = (length: number, rows: number, columns = 1) =>
    tableOf(
      listOf(
        Array.from({ length: columns }, (_, index) => `c${index}`),
        Array.from({ length: rows }, () => Array.from({ length: columns }, () => asText('x'.repeat(length)))),
      ),
      { withButtons: false },
    )
  const textIn = ({ table }: ReturnType<typeof tableOf>) => {
    const cell = table.rows[1]?.[0]
    return cell?.type === 'raw_text' ? cell.text : ''
  }
  expect(textIn(wide(200, 1))).toHaveLength(200)
  expect(textIn(wide(201, 1))).toHaveLength(200)
  expect(textIn(wide(201, 1))[100]).toBe('…')
  expect(textIn(wide(201, 100))).toHaveLength(80)
  const crowded = wide(200, 100, 10)
  expect(textIn(crowded)).toHaveLength(20)
  expect(crowded.table.rows.length + crowded.left).toBe(101)
  expect(crowded.left).toBeGreaterThan(0)
})

test('each row has a button where it opens something, and the select below has each once', () => {
  const row = (word: string, label = word): ListRow => ({ cells: [asText(label) ?? null], opens: { word, label } }) as ListRow // what is read of it
  const list = listOf(['Name'], [], {
    rows: [row('tag a'), row('tag a'), row('tag b', 'B'), row('x'.repeat(151)), { cells: [] } as unknown as ListRow],
  })
  expect(cellsOf(list, true).map((cells) => cells.at(-1))).toEqual([
    'Open',
    'button',
    'button',
    'button',
    expect.stringContaining('…'),
    '–',
  ])
  const select = openSelect(list, 5)?.elements[0] as { options: { value: string; text: { text: string } }[] } // the only one
  expect(select.options.map(({ value, text }) => [value, text.text])).toEqual([
    ['tag a', 'tag a'],
    ['tag b', 'B'],
  ])
  expect(openSelect(list, 1)?.elements[0]).toMatchObject({ options: [{ value: 'tag a' }] })
  expect(openSelect(listOf(['Name'], [[asText('a')]]), 1)).toBeUndefined()
})

test('what is no value is none', () => {
  expect([
    asText(''),
    asText(null),
    asCode(''),
    asSize(undefined, t),
    asNumber(undefined, t),
    asMoment('soon'),
    asMoment(null),
    asPerson(''),
    asMark(false, 'x'),
  ]).toEqual(Array.from({ length: 9 }, () => undefined))
  expect([asMark(true, 'x'), asBold('b'), asCode('c'), asMoment(5), asMoment('1970-01-01T00:00:01Z'), asNumber(0, t)]).toEqual([
    { is: 'text', text: 'x' },
    { is: 'text', text: 'b', look: 'bold' },
    { is: 'text', text: 'c', look: 'code' },
    { is: 'moment', at: 5 },
    { is: 'moment', at: 1_000 },
    { is: 'number', number: 0, text: '0' },
  ])
})
