import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Bot, enqueue } from '../context.ts'
import { track } from '../core/drain.ts'
import { namespacePasses } from '../db/schema.ts'
import { namespaceOf } from '../quay/names.ts'
import type { Change } from '../quay/registry.ts'

/**
 * Makes the pass over a namespace due when the bot itself creates or deletes a repository there. It watches the calls to Quay in
 * one place, so that no command can forget it. A change that is missed here is found by the next regular pass.
 */
export function passOnChange(bot: Bot): void {
  const before = bot.quay.changed
  bot.quay.changed = (change) => {
    before?.(change)
    const namespace = namespaceOfChange(change)
    if (namespace !== undefined)
      void track(bot, makeDue(bot, namespace)).catch((err: unknown) => bot.log.warn({ err }, 'could not note a change of repositories'))
  }
}

const created = z.object({ namespace: z.string() })

function namespaceOfChange({ method, template, params, body }: Change) {
  if (method === 'POST' && template === '/repository') return created.safeParse(body).data?.namespace
  return method === 'DELETE' && template === '/repository/{repository}' ? namespaceOf(params.repository ?? '') : undefined
}

/** Only where there are subscriptions. */
async function makeDue(bot: Bot, namespace: string) {
  await bot.db.transaction(async (tx) => {
    const due = await tx
      .update(namespacePasses)
      .set({
        dueAt: sql`least(${namespacePasses.dueAt}, ${new Date(bot.clock()).toISOString()}::timestamptz)`,
        changes: sql`${namespacePasses.changes} + 1`,
      })
      .where(eq(namespacePasses.namespace, namespace))
      .returning({ namespace: namespacePasses.namespace })
    if (due.length > 0) await enqueue(bot, tx, 'reconcile', {})
  })
}
