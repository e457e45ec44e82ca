// A whole bot that may be killed at any moment when it is in a process of its own. Its settings come as JSON; it says “ready”, and with
// “finish” it says what every request has come to as soon as nothing is under way any more.
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { pino } from 'pino'
import { startBot } from '../../src/app/start.ts'
import { readConfig } from '../../src/core/config.ts'
import { secretsKey } from '../../src/core/keys.ts'
import type { Where } from '../../src/db/database.ts'
import { requests } from '../../src/db/schema.ts'
import { sandboxPolicy } from '../../src/sandbox/policy.ts'

export type Until = 'killed' | 'finish'

/** Gives what stops it. */
export async function live(settings: object, database: Where, until: Until, say: (word: string, value: unknown) => void) {
  const read = readConfig({ ...settings, DATA_DIR: '/nowhere' })
  if ('problems' in read) throw new Error(read.problems.join('\n'))
  const log = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }))
  const keys = await secretsKey({ setting: 'a setting of thirty-two letters or more' })
  const { bot, stop } = await startBot({ config: read.config, policy: sandboxPolicy(), database, keys, log })
  say('ready', process.pid)
  const look = async () => {
    const rows = await bot.db.select().from(requests)
    const over = rows.filter(({ state, drawn, version }) => !['approved', 'running', 'pending'].includes(state) && drawn === version)
    if (over.length < rows.length) return
    clearInterval(timer)
    say(
      'rows',
      rows.map(({ id, state, input, cardTs }) => ({ id, state, repository: input.repository, cardTs })),
    )
  }
  const timer = until === 'finish' ? setInterval(look, 100) : undefined
  return async () => {
    clearInterval(timer)
    await stop()
  }
}

if (import.meta.main) {
  const [settings = '', database = '', until = 'killed'] = process.argv.slice(2)
  const stop = await live(JSON.parse(settings), JSON.parse(database), until as Until, async (word, value) => {
    writeSync(1, `${JSON.stringify([word, value])}\n`)
    if (word !== 'rows') return
    await stop()
    process.exit(0)
  })
  flushCompileCache() // a killed process keeps nothing by itself
}
