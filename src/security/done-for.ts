import { and, asc, gte, inArray, isNotNull, lte } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { audit } from '../db/schema.ts'
import type { LogEntry, LogPage } from '../quay/logs.ts'
import { namespaceOf } from '../quay/names.ts'

type Row = Pick<typeof audit.$inferSelect, 'reference' | 'at' | 'phase' | 'name' | 'input'>

interface Ran {
  name: string
  input: Record<string, unknown>
  from: number
  until: number
}

// Quay's clock and the bot's are two, and Quay's logs say whole seconds.
const slack = 5_000
// Longer than a command takes whose end was never written.
const unended = aMinute
const readAtMost = 2_000

/**
 * The page with the people behind what Quay writes under the bot's own name, as far as the audit log tells:
 * where exactly one changing command fits by time and object. Where none or several fit, the bot's name stands alone.
 */
export async function withPeople<Page extends LogPage>(bot: Bot, page: Page): Promise<Page> {
  const own = bot.quay.capabilities.account
  const isOwn = ({ performer, at }: LogEntry) => own !== undefined && performer?.name === own && at !== undefined
  const times = page.entries.filter(isOwn).map(({ at }) => Date.parse(at ?? ''))
  if (times.length === 0) return page
  const ran = await ranBetween(bot, Math.min(...times), Math.max(...times))
  const entries = page.entries.map((entry) => {
    const person = isOwn(entry) ? personBehind(entry, ran) : undefined
    return person === undefined || !entry.performer ? entry : { ...entry, performer: { ...entry.performer, behalf: person } }
  })
  return { ...page, entries }
}

/** The changing commands that ran then. */
async function ranBetween({ db }: Pick<Bot, 'db'>, first: number, last: number): Promise<Ran[]> {
  const rows: Row[] = await db
    .select({ reference: audit.reference, at: audit.at, phase: audit.phase, name: audit.name, input: audit.input })
    .from(audit)
    .where(
      and(
        gte(audit.at, new Date(first - unended - slack)),
        lte(audit.at, new Date(last + unended + slack)),
        inArray(audit.phase, ['started', 'finished', 'failed']),
        isNotNull(audit.reference),
      ),
    )
    .orderBy(asc(audit.at), asc(audit.id))
    .limit(readAtMost)
  const byReference = Map.groupBy(rows, ({ reference }) => reference)
  return [...byReference.values()].flatMap((all) => {
    // Reading commands have no start.
    const started = all.find(({ phase }) => phase === 'started')
    if (!started) return []
    const ended = all.findLast(({ phase }) => phase !== 'started')
    return [
      {
        name: started.name,
        input: started.input,
        from: started.at.getTime(),
        until: ended?.at.getTime() ?? started.at.getTime() + unended,
      },
    ]
  })
}

function personBehind(entry: LogEntry, ran: Ran[]): string | undefined {
  const at = Date.parse(entry.at ?? '')
  const fitting = ran.filter(({ from, until, input }) => at >= from - slack && at <= until + slack && isAbout(input, entry))
  return fitting.length === 1 ? fitting[0]?.name : undefined
}

/** Whether the input names the repository, or anything of the namespace where Quay names no repository. */
function isAbout(input: Record<string, unknown>, { repository, namespace }: LogEntry) {
  const values = Object.values(input)
    .flat()
    .filter((value) => typeof value === 'string')
  if (repository !== undefined) return values.some((value) => value === repository)
  return namespace !== undefined && values.some((value) => namespaceOf(value.split('+')[0] ?? '') === namespace)
}
