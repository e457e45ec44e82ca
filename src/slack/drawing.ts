import type { SlackError } from './errors.ts'

/** The blocks that not every workspace has (docs/slack.md §14). */
export const newBlocks = ['data_table', 'data_visualization', 'plan'] as const
export type NewBlock = (typeof newBlocks)[number]

export type Setting = 'auto' | 'off'

const unsupported: Record<NewBlock, RegExp> = {
  data_table: /unsupported type: data_table\b/,
  data_visualization: /unsupported type: data_visualization\b/,
  plan: /unsupported type: plan\b/,
}

export interface DrawingSettings {
  tables: Setting
  charts: Setting
  plans: Setting
  /** Buttons in the cells of tables, which no one has seen in a client yet. */
  cellButtons: boolean
}

/** What this workspace draws: by its settings, and by what it has refused. */
export interface Drawing {
  settings: DrawingSettings
  /** Blocks that the workspace lacks, and when (milliseconds) it said so. */
  refused: Map<NewBlock, number>
  clock: () => number
  /** Called for every refusal of a message with new blocks, and for every block that is sent plainly from now on. */
  observe: (block: NewBlock, what: 'refused' | 'remembered') => void
}

export interface Modes {
  table: boolean
  chart: boolean
  plan: boolean
  cellButtons: boolean
}

export const plainly: Modes = { table: false, chart: false, plan: false, cellButtons: false }

// A workspace can get them later, and a replica asks once a day.
const lasts = 86_400_000

/** Which new blocks of Slack are used, as set up; none was refused yet. */
export function openDrawing(settings: DrawingSettings, clock: () => number): Drawing {
  return { settings, clock, refused: new Map(), observe: () => undefined }
}

/** Which blocks are drawn now: those that are on, and that Slack has not refused lately. */
export function modesOf(drawing: Drawing): Modes {
  const { settings, refused, clock } = drawing
  const draws = (setting: Setting, block: NewBlock) => setting === 'auto' && clock() - (refused.get(block) ?? -lasts) >= lasts
  return {
    table: draws(settings.tables, 'data_table'),
    chart: draws(settings.charts, 'data_visualization'),
    plan: draws(settings.plans, 'plan'),
    cellButtons: settings.cellButtons,
  }
}

const rowsOfTable = 100
const rowsOfLines = 20

/** How many rows a page of a list has here. Slack pages a table itself. */
export function rowsOfPage(drawing: Drawing) {
  return modesOf(drawing).table ? rowsOfTable : rowsOfLines
}

/** The state of each kind for people: how it is drawn here, and why. */
export function drawingOf(drawing: Drawing): Record<'tables' | 'charts' | 'plans', 'drawn' | 'off' | 'refused'> {
  const { table, chart, plan } = modesOf(drawing)
  const { tables, charts, plans } = drawing.settings
  const state = (drawn: boolean, setting: Setting) => (drawn ? 'drawn' : setting === 'off' ? 'off' : 'refused')
  return { tables: state(table, tables), charts: state(chart, charts), plans: state(plan, plans) }
}

/** The new blocks in a message that was sent. */
export function newIn(blocks: { type: string }[]): NewBlock[] {
  return newBlocks.filter((type) => blocks.some((one) => one.type === type))
}

/** Whether Slack refused the blocks of a message. A response URL gives only its status (docs/slack.md §14). */
export function isRefusedDrawing(problem: SlackError) {
  return problem.kind === 'refused' && /^(invalid_blocks|invalid_attachments|http_4\d\d)$/.test(problem.error)
}

/** The blocks that the workspace says it lacks. A message with wrong data is refused with the same code and says something else. */
export function unsupportedIn(problem: SlackError, used: NewBlock[]): NewBlock[] {
  const detail = problem.kind === 'refused' ? problem.detail : ''
  return used.filter((type) => unsupported[type].test(detail))
}

/** Slack did not take this block: for a while the plain form is sent. */
export function rememberRefusal(drawing: Drawing, block: NewBlock) {
  drawing.refused.set(block, drawing.clock())
  drawing.observe(block, 'remembered')
}
