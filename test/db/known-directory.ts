import type { Pool } from 'pg'
import { rowsOf } from './pristine.ts'

const tables = ['directory_lists', 'directory_users', 'directory_organizations', 'directory_members', 'directory_repositories']

let known: { rows: string; at: number } | undefined

/** Keeps what the first pass over the simulated registry has written, for the bots that start after it. */
export async function keepDirectory(query: Pool['query']): Promise<void> {
  if (known) return
  const at = Date.now()
  const rows = await Promise.all(
    tables.map(async (name) => {
      const { rows: columns } = await query(
        `select string_agg(quote_ident(column_name), ', ') as all from information_schema.columns where table_name = '${name}'`,
      )
      return rowsOf({ query }, { name, columns: columns[0].all })
    }),
  )
  known = { rows: rows.join('\n'), at }
}

/** Writes it into a new database, as if the pass had ended just now: a bot that starts there knows the registry, as after a restart. */
export async function writeDirectory(query: Pool['query']): Promise<boolean> {
  if (!known) return false
  const since = `interval '${Date.now() - known.at} milliseconds'`
  await query(`begin; ${known.rows}
    update directory_lists set due_at = due_at + ${since}, as_of = as_of + ${since}, finished_at = finished_at + ${since};
    commit;`)
  return true
}
