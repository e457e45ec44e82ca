import { type Fields, isFields } from './json.ts'

const known = new Set(
  'actions card carousel container context data_table data_visualization divider file header image input markdown rich_text section table video'.split(
    ' ',
  ),
)
const blocksAtMost = 50
const deepest = 20
const inContainer = 10
const charts = 2
const limits: Record<string, number> = { table: 10_000, data_table: 20_000 }
const tablesAtMost = 20_000

/**
 * Why Slackbot drops all blocks of an answer and shows its text alone; undefined if it shows them. One bad block, also inside of
 * another, is enough (docs/slack.md §23).
 */
export function cardProblem(blocks: Fields[]): string | undefined {
  if (blocks.length > blocksAtMost) return `more than ${blocksAtMost} blocks`
  const unknown = blocks.find(({ type }) => typeof type !== 'string' || !known.has(type))
  if (unknown) return `a block of the type ${String(unknown.type)}`
  const inner = blocks.map((block) => problemIn(block, 1)).find((problem) => problem !== undefined)
  if (inner !== undefined) return inner
  if (blocks.filter(({ type }) => type === 'data_visualization').length > charts) return `more than ${charts} charts`
  const tables = blocks.filter(({ type }) => String(type) in limits)
  const long = tables.find((block) => sizeOf(block) > (limits[String(block.type)] ?? 0))
  if (long) return `a ${String(long.type)} that is too long`
  return tables.reduce((sum, block) => sum + sizeOf(block), 0) > tablesAtMost ? 'tables that are too long together' : undefined
}

function sizeOf(block: Fields) {
  return JSON.stringify(block).length
}

function problemIn(value: unknown, depth: number): string | undefined {
  if (Array.isArray(value)) return value.map((one) => problemIn(one, depth)).find((one) => one !== undefined)
  if (!isFields(value)) return undefined
  if (depth > deepest) return `more than ${deepest} levels`
  const { type, action_id: action, url, image_url: image, blocks } = value
  if (type === 'container' && Array.isArray(blocks) && blocks.length > inContainer) return `a container of more than ${inContainer} blocks`
  // Any other button is drawn and does nothing, which a sandbox should not hide.
  if (typeof action === 'string' && !/^(?:tool|input):/.test(action) && url === undefined)
    return `an action ${action}, which is not a tool’s`
  const bad = [url, image].find((one) => typeof one === 'string' && !isPublic(one))
  if (bad !== undefined) return `the address ${String(bad)}`
  return Object.values(value)
    .map((one) => problemIn(one, depth + 1))
    .find((one) => one !== undefined)
}

/** Addresses must be public and https. In the sandbox the registry is on this machine. */
function isPublic(url: string) {
  const parsed = URL.parse(url)
  return parsed !== null && (parsed.protocol === 'https:' || (parsed.protocol === 'http:' && parsed.hostname === '127.0.0.1'))
}
