// A whole bot that may be killed at any moment when it is in a process of its own. Its settings come as JSON; it says “ready”, and with
// “finish” it says what every request has come to as soon as nothing is under way any more.
import { pino } from 'pino'
import { startBot } from '../../src/app/start.ts'
import { readConfig } from '../../src/core/config.ts'
import { secretsKey } from '../../src/core/keys.ts'
import { requests } from '../../src/db/schema.ts'
import { sandboxPolicy } from '../../src/sandbox/policy.ts'
import { type Live, liveAlone } from '../own-life.ts'

export const live: Live = async (settings, database, until, say) => {
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

if (import.meta.main) await liveAlone(live)
