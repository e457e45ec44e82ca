import type { Block, Button, KnownBlock } from '@slack/types'
import type { Language } from '../core/i18n.ts'

// What messages are made of besides Slack's older blocks.

/** One value of a row, as data: what is drawn, and by what it is sorted, follows from it. */
export type Value =
  /** `whole` is what a file has, where the text is shortened. */
  | { is: 'text'; text: string; look?: 'code' | 'bold' | undefined; url?: string | undefined; whole?: string }
  /** `text` is what is drawn: `86 MB`. */
  | { is: 'number'; number: number; text: string }
  /** A word with a place among others, such as a severity. */
  | { is: 'rank'; number: number; text: string }
  /** Milliseconds. */
  | { is: 'moment'; at: number }
  | { is: 'person'; id: string }
  | { is: 'channel'; id: string }

export interface ListRow {
  cells: (Value | null)[]
  /** The row as a line of text, with its bullet. */
  line: string
  opens?: { label: string; word: string }
}

/** A list that is not drawn yet, as plain JSON: a table, lines, a CSV file and a summary are made from it. */
export interface ListBlock {
  type: 'list'
  language: Language
  caption: string
  columns: { name: string; title: string; none?: string }[]
  rows: ListRow[]
}

export type RawText = { type: 'raw_text'; text: string }
type RawNumber = { type: 'raw_number'; value: number; text: string }
export type Leaf = { type: 'user'; user_id: string } | { type: 'channel'; channel_id: string }
export type RichText = { type: 'rich_text'; elements: { type: 'rich_text_section'; elements: Leaf[] }[] }
type ActionCell = { type: 'action_cell'; element: Button; fallback: RawText }
export type Cell = RawText | RawNumber | RichText | ActionCell

/** Slack's sortable table (docs/slack.md §14); @slack/types has none whose cells have buttons. */
export interface TableBlock extends Block {
  type: 'data_table'
  caption: string
  page_size: number
  row_header_column_index: number
  rows: Cell[][]
}

export interface Point {
  label: string
  value: number
}

/** Slack's chart (docs/slack.md §14); @slack/types has none. It is drawn beside its numbers, which stand in the text. */
export interface ChartBlock extends Block {
  type: 'data_visualization'
  title: string
  chart:
    | { type: 'pie'; segments: Point[] }
    | {
        type: 'bar' | 'line'
        axis_config: { categories: string[]; x_label?: string; y_label?: string }
        series: { name: string; data: Point[] }[]
      }
}

/** Slack's plan (docs/slack.md §14). Its titles are strings, and its own state follows from its tasks. */
export interface PlanBlock extends Block {
  type: 'plan'
  title: string
  tasks: object[]
}

/** Steps that are not drawn yet: as a plan, or as the blocks that say the same. */
export interface StepsBlock {
  type: 'steps'
  plan: PlanBlock
  plain: KnownBlock[]
}

/** Lists, charts and steps are drawn when the message is sent, as the workspace can show them (fitted.ts). */
export type MessageBlock = KnownBlock | ListBlock | ChartBlock | StepsBlock

/** What Slack is sent. */
export type SentBlock = KnownBlock | TableBlock | ChartBlock | PlanBlock
