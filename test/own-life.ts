import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import type { Where } from '../src/db/database.ts'

/** Until somebody kills it, or until it has said what all has come to. */
export type Until = 'killed' | 'finish'

/** A whole bot with its settings, which says words with values; `rows` is its last. Gives what stops it. */
export type Live = (
  settings: object,
  database: Where,
  until: Until,
  say: (word: string, value: unknown) => void,
) => Promise<() => Promise<void>>

/** Such a bot in a process of its own, as `startLife` of test/start-lives.ts starts it. */
export async function liveAlone(live: Live) {
  const [settings = '', database = '', until = 'killed'] = process.argv.slice(2)
  const stop = await live(JSON.parse(settings), JSON.parse(database), until as Until, async (word, value) => {
    writeSync(1, `${JSON.stringify([word, value])}\n`)
    if (word !== 'rows') return
    await stop()
    process.exit(0)
  })
  flushCompileCache() // a killed process keeps nothing by itself
}
