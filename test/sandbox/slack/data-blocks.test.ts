import { expect, test } from 'vitest'
import { checkBlocks, type Edition } from '../../../src/sandbox/slack/block-kit-check.ts'
import { long, many, told } from './pieces.ts'

// Sortable tables, charts and plans: what Slack refuses of them (docs/slack.md §14), in every edition.

const raw = (text: string) => ({ type: 'raw_text', text })
const number = (value: number, text = String(value)) => ({ type: 'raw_number', value, text })
const table = (rows: unknown[][], more: object = {}) => ({
  type: 'data_table',
  caption: 'Tags',
  rows: [[raw('Tag'), raw('Size')], ...rows],
  ...more,
})
const row = (index: number) => [raw(`v${index}`), number(index)]
const pie = (...values: number[]) => ({
  type: 'data_visualization',
  title: 'x',
  chart: { type: 'pie', segments: values.map((value, index) => ({ label: `s${index}`, value })) },
})
const bars = (categories: string[], ...series: { name: string; labels: string[] }[]) => ({
  type: 'data_visualization',
  title: 'x',
  chart: {
    type: 'bar',
    axis_config: { categories },
    series: series.map(({ name, labels }) => ({ name, data: labels.map((label) => ({ label, value: 1 })) })),
  },
})
const task = (status: string, task_id = 'a', title: unknown = 'Push') => ({ type: 'task_card', task_id, title, status })
const plan = (...tasks: unknown[]) => ({ type: 'plan', title: 'Build', tasks })
const button = {
  type: 'action_cell',
  element: { type: 'button', action_id: 'open', text: { type: 'plain_text', text: 'Open' } },
  fallback: raw('v1'),
}

test.each<[what: string, block: object]>([
  ['a table of 200 rows', table(many(200, row))],
  [
    'a table with a moment, a person and a button',
    table([[{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U1' }] }] }, button]]),
  ],
  ['a pie', pie(1, 2)],
  ['bars with 0', bars(['a', 'b'], { name: 'x', labels: ['b', 'a'] })],
  ['a plan in all four states', plan(task('pending', 'a'), task('in_progress', 'b'), task('complete', 'c'), task('error', 'd'))],
  ['a task that runs, alone', task('in_progress')],
])('%s is taken', (_, block) => {
  expect(checkBlocks([block], 'message', '/blocks')).toEqual([])
})

test.each<[what: string, block: object, says: string]>([
  ['a table without rows', table([]), 'must provide at least 2 items [/blocks/0/rows]'],
  ['202 rows', table(many(201, row)), 'no more than 201 items allowed [/blocks/0/rows]'],
  [
    '21 columns',
    { ...table([]), rows: [many(21, () => raw('x')), many(21, () => raw('x'))] },
    'no more than 20 items allowed [/blocks/0/rows/0]',
  ],
  ['rows of different lengths', table([[raw('v1')]]), 'all rows must have the same number of cells [/blocks/0/rows]'],
  ['an empty cell', table([[raw(''), number(1)]]), 'must be more than 0 characters [/blocks/0/rows/1/0/text]'],
  [
    'a number without its text',
    table([[raw('v1'), { type: 'raw_number', value: 1 }]]),
    'missing required field: text [/blocks/0/rows/1/1]',
  ],
  [
    'rich text in the head',
    { ...table([row(1)]), rows: [[{ type: 'rich_text', elements: [] }, raw('x')], row(1)] },
    'unsupported type: rich_text [/blocks/0/rows/0/0/type]',
  ],
  ['settings of columns', table([row(1)], { column_settings: [] }), 'invalid additional property: column_settings [/blocks/0]'],
  [
    'a row header that is no column',
    table([row(1)], { row_header_column_index: 2 }),
    'must be the index of a column [/blocks/0/row_header_column_index]',
  ],
  ['20,001 characters', table(many(100, () => [raw(long(200)), number(1, long(2))])), 'data_table_cell_characters_exceeded [/blocks]'],
  ['a pie of nothing', pie(0, 0), 'must be greater than'],
  ['a label of 21', bars([long(21)], { name: 'x', labels: [long(21)] }), 'must be less than 21 characters'],
  [
    '21 points',
    bars(
      many(21, (index) => `c${index}`),
      { name: 'x', labels: many(21, (index) => `c${index}`) },
    ),
    'no more than 20 items allowed',
  ],
  ['two series of a name', bars(['a'], { name: 'x', labels: ['a'] }, { name: 'x', labels: ['a'] }), 'series names must be unique'],
  ['a series without a category', bars(['a', 'b'], { name: 'x', labels: ['a'] }), 'must have exactly one data point for each category'],
  ['a task that waits, alone', task('pending'), 'must be a valid enum value [/blocks/0/status]'],
  ['a cancelled task', plan(task('cancelled')), 'must be a valid enum value [/blocks/0/tasks/0/status]'],
  [
    'a title that is an object',
    plan(task('complete', 'a', { type: 'plain_text', text: 'Push' })),
    'must provide a string [/blocks/0/tasks/0/title]',
  ],
  ['two tasks of an id', plan(task('complete'), task('complete')), '`task_id` must be unique'],
])('%s: refused', (_, block, says) => {
  expect(told(checkBlocks([block], 'message', '/blocks')).join('\n')).toContain(says)
})

test.each<[edition: Edition, says: string[]]>([
  ['older', ['no more than 101 items allowed [/blocks/rows]', 'data_table_cell_characters_exceeded [/blocks]']],
  ['refusing', ['unsupported type: data_table [/blocks/0/type]']],
])('a workspace that is %s', (edition, says) => {
  const block = table(many(110, (index) => [raw(long(100)), number(index)]))
  expect(told(checkBlocks([block], 'message', '/blocks'))).toEqual([])
  expect(told(checkBlocks([block], 'message', '/blocks', edition))).toEqual(says)
})

test('three charts are one too many, and neither tables nor plans are for modals', () => {
  expect(told(checkBlocks([pie(1, 2), pie(1, 2), pie(1, 2)], 'message', '/blocks'))).toEqual([
    'too many data_visualization blocks [/blocks]',
  ])
  for (const block of [table([row(1)]), pie(1, 2), plan(task('complete'))])
    expect(told(checkBlocks([block], 'modal', '/blocks')).join()).toContain('unsupported type')
})
