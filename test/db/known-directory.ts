import type { Pool } from 'pg'
import { rowsOf, tablesIn } from './pristine.ts'

let known: { rows: string; at: number } | undefined

/** Keeps what the first pass over the simulated registry has written, for the bots that start after it. */
export async function keepDirectory(query: Pool['query']): Promise<void> {
  if (known) return
  const at = Date.now()
  const tables = (await tablesIn({ query })).filter(({ name }) => name.startsWith('public.directory_'))
  const rows = await Promise.all(tables.map((table) => rowsOf({ query }, table)))
  known = { rows: rows.join('\n'), at }
}

/** Writes it into a new database, as if the pass had ended just now: a bot that starts there knows the registry, as after a restart. False: there is none yet. */
export async function writeDirectory(query: Pool['query']): Promise<boolean> {
  if (!known) return false
  const since = `interval '${Date.now() - known.at} milliseconds'`
  await query(`begin; ${known.rows}
    update directory_lists set due_at = due_at + ${since}, as_of = as_of + ${since}, finished_at = finished_at + ${since};
    commit;`)
  return true
}
