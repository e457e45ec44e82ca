/** A line of the table: what was measured, and what it should be. */
export interface Line {
  figure: string
  measured: string
  aim: string
}

/** Measures one or several lines, against a company and a database of its own. */
export type Figure = (database: () => Promise<string>) => Promise<Line[]>

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
