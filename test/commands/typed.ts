import { desc } from 'drizzle-orm'
import { accessGrants } from '../../src/db/schema.ts'
import type { Seen } from '../people.ts'
import type { startBot } from '../start-bot.ts'
import type { Entry } from './table-entries.ts'

/** A command of the table as it is typed: with the request that was made `before`, or the permission that was given last. */
export async function typedCommand(
  { bot }: Pick<Awaited<ReturnType<typeof startBot>>, 'bot'>,
  name: string,
  { words }: Pick<Entry, 'words'>,
  before: Pick<Seen, 'text'> | undefined,
) {
  const request = /request `(\w+)`/.exec(before?.text ?? '')?.[1] ?? ''
  const [grant] = words.includes('GRANT')
    ? await bot.db.select({ id: accessGrants.id }).from(accessGrants).orderBy(desc(accessGrants.startedAt)).limit(1)
    : []
  return `/quay ${name} ${words.replace('REQUEST', request).replace('GRANT', grant?.id ?? '')}`
}
