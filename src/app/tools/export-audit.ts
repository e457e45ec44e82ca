import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Environment } from '../../core/config.ts'
import { diskProblem } from '../../core/disk-problem.ts'
import { aDay } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import type { Db } from '../../db/database.ts'
import { openDatabase } from '../../db/open.ts'
import { exportAudit } from '../../security/audit-export.ts'
import { askRunning } from '../control.ts'
import { storageOf } from '../storage.ts'
import { runTool } from './tool.ts'

const usage = 'npm run export-audit -- --to ./audit --from 2026-11-01 --through 2026-11-30'
const day = z.iso.date().optional()
const wanted = z.object({ to: z.string(), from: day, through: day })

/** `npm run export-audit`: the audit log as JSON Lines, a file for each day, while the bot runs or without it. */
export async function exportTool(environment: Environment, words: string[]): Promise<string> {
  const { dataDir, databaseUrl, where, log } = storageOf(environment)
  const given = JSON.stringify(optionsOf(words))
  const running = databaseUrl === undefined ? await askRunning(dataDir, 'export-audit', [given]) : undefined
  if (running !== undefined) return running
  const database = await openDatabase(where, log)
  return answerExport(database.db)([given]).finally(() => database.close())
}

function optionsOf(words: string[]) {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({ args: words, options: { to: text, from: text, through: text } })
    const options = wanted.parse(values)
    return { ...options, to: resolve(options.to) }
  } catch {
    throw new Failure('invalid', 'Name a folder and, if not everything is wanted, days: {usage}', { usage })
  }
}

/** What the running bot does for it. */
export function answerExport(db: Db) {
  return async ([given = '']: string[]) => {
    const { to, from, through } = wanted.parse(JSON.parse(given))
    try {
      await mkdir(to, { recursive: true, mode: 0o700 })
      const until = through === undefined ? undefined : new Date(Date.parse(through) + aDay)
      const { days, entries } = await exportAudit(db, to, { from: from === undefined ? undefined : new Date(from), until })
      if (days.length === 0) return 'The audit log has no entries of these days.'
      const files = [...new Set([days[0], days.at(-1)])].map((date) => `audit-${date}.jsonl`).join(' to ')
      return `Exported ${entries} ${entries === 1 ? 'entry' : 'entries'} to ${to}, a file for each day in UTC: ${files}.`
    } catch (error) {
      throw diskProblem(error, to) ?? error
    }
  }
}

if (import.meta.main) await runTool('export the audit log', exportTool)
