import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bot } from '../../context.ts'
import { keeps } from '../../core/kept.ts'

interface Spooled {
  path: string
  count: Promise<number>
  users: number
}

/** The files that exports of this process write or send at the moment, by what they hold. */
const spoolOf = keeps(() => new Map<string, Spooled>())

/**
 * Writes a file on disk and lets `use` send it. Those who want the same file while it is written or sent share it, so that its log
 * is read once. The file is deleted after the last of them. `write` returns the number of entries; its errors reach all of them.
 */
export async function withSpooled(
  bot: Bot,
  { what, name }: { what: string; name: string },
  write: (path: string) => Promise<number>,
  use: (file: { path: string; count: number }) => Promise<void>,
): Promise<void> {
  const spool = spoolOf(bot)
  const spooled = spool.get(what) ?? begin(join(bot.config.DATA_DIR, 'spool'), name, write)
  spool.set(what, spooled)
  spooled.users += 1
  try {
    await use({ path: spooled.path, count: await spooled.count })
  } finally {
    spooled.users -= 1
    if (spooled.users === 0) {
      spool.delete(what)
      await rm(spooled.path, { force: true })
    }
  }
}

function begin(folder: string, name: string, write: (path: string) => Promise<number>): Spooled {
  const path = join(folder, name)
  const count = mkdir(folder, { recursive: true, mode: 0o700 }).then(() => write(path))
  return { path, count, users: 0 }
}
