import { blocksRule, type Surface, viewRule } from './block-kit-rules.ts'
import { tableProblems } from './data-block-rules.ts'
import { type Fields, fieldsOf, isFields, listOf } from './json.ts'
import { list, number, object, type Problem, type Rule, semantic, string, wrongType } from './rules.ts'

export type { Problem } from './rules.ts'

const rules = { message: blocksRule('message'), modal: blocksRule('modal'), home: blocksRule('home') }

/** Which Slack it is: today's, one of before summer 2026, or a workspace that has no tables, charts and plans, and may not say so. */
export type Edition = 'today' | 'older' | 'refusing' | 'refusing-without-reason'

const limits = { today: { rowsAtMost: 201, charactersAtMost: 20_000 }, older: { rowsAtMost: 101, charactersAtMost: 10_000 } }
const gated = new Set(['data_table', 'data_visualization', 'plan', 'task_card'])

/** All problems of these blocks (docs/slack.md §1.6, §19). */
export function checkBlocks(blocks: unknown, surface: Surface, at: string, edition: Edition = 'today'): Problem[] {
  const refused = edition.startsWith('refusing') ? unsupported(listOf(blocks), at) : []
  if (refused.length > 0) return refused
  return [
    ...rules[surface](blocks, at),
    ...doubledIds(listOf(blocks), at),
    ...tooMany(listOf(blocks), at),
    ...tableProblems(blocks, at, edition === 'older' ? limits.older : limits.today),
  ]
}

function unsupported(blocks: Fields[], at: string): Problem[] {
  return blocks.flatMap(({ type }, index) =>
    gated.has(String(type)) ? [semantic(`unsupported type: ${String(type)}`, `${at}/${index}/type`)] : [],
  )
}

/** All problems of a view. */
export function checkView(view: unknown, at: string): Problem[] {
  const { blocks, type, submit } = fieldsOf(view)
  return [
    ...viewRule(view, at),
    ...doubledIds(listOf(blocks), `${at}/blocks`),
    ...focusedTwice(listOf(blocks), `${at}/blocks`),
    ...(type === 'modal' && submit === undefined ? unsubmitted(listOf(blocks), `${at}/blocks`) : []),
  ]
}

const anything: Rule = () => []
const message = object(
  {},
  {
    text: string(),
    blocks: anything,
    attachments: list(anything, { max: 100 }),
    markdown_text: string({ max: 12_000 }),
    metadata: anything,
    thread_ts: string(),
    mrkdwn: anything,
    unfurl_links: anything,
    unfurl_media: anything,
    post_at: number(),
  },
)

/** All problems of a message in the format of blocks.validate. */
export function checkMessage(value: unknown): Problem[] {
  if (!isFields(value)) return [wrongType('must provide an object', '')]
  return [...message(value, ''), ...(value.blocks === undefined ? [] : checkBlocks(value.blocks, 'message', '/blocks'))]
}

interface Placed {
  element: Fields
  at: string
}

/** The elements of one block with their pointers. */
function inside(block: Fields, at: string): Placed[] {
  const lists = ['elements', 'actions'].flatMap((name) =>
    listOf(block[name]).map((element, index) => ({ element, at: `${at}/${name}/${index}` })),
  )
  const ones = ['element', 'accessory'].flatMap((name) => (isFields(block[name]) ? [{ element: block[name], at: `${at}/${name}` }] : []))
  return [...lists, ...ones]
}

/** Block ids are unique in a message or view, action ids in their block (docs/slack.md §1.2). */
function doubledIds(blocks: Fields[], at: string): Problem[] {
  const placed = blocks.map((element, index) => ({ element, at: `${at}/${index}` }))
  return [...doubled(placed, 'block_id'), ...placed.flatMap(({ element, at: where }) => doubled(inside(element, where), 'action_id'))]
}

function doubled(placed: Placed[], name: 'block_id' | 'action_id'): Problem[] {
  const seen = new Set<unknown>()
  return placed.flatMap(({ element, at }) => {
    const id = element[name]
    if (id === undefined || id === '') return []
    if (seen.has(id)) return [semantic(`\`${name}\` "${String(id)}" already exists`, `${at}/${name}`)]
    seen.add(id)
    return []
  })
}

function focusedTwice(blocks: Fields[], at: string): Problem[] {
  const focused = blocks.flatMap((block, index) => inside(block, `${at}/${index}`)).filter(({ element }) => element.focus_on_load === true)
  return focused.slice(1).map((one) => semantic('only one element can set `focus_on_load`', `${one.at}/focus_on_load`))
}

function unsubmitted(blocks: Fields[], at: string): Problem[] {
  return blocks.flatMap(({ type }, index) =>
    type === 'input' ? [semantic('must define `submit` to use an `input` block in modals', `${at}/${index}/input`)] : [],
  )
}

// The limits of a whole message for each kind (docs/slack.md §1.1).
const most: Record<string, { count: number; message: string }> = {
  table: { count: 1, message: 'only_one_table_allowed' },
  data_visualization: { count: 2, message: 'too many data_visualization blocks' },
}

function tooMany(blocks: Fields[], at: string): Problem[] {
  return Object.entries(most).flatMap(([type, { count, message: text }]) =>
    blocks.filter((block) => block.type === type).length > count ? [semantic(text, at)] : [],
  )
}
