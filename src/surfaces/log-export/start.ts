import { z } from 'zod'
import { type Bot, enqueue } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { newReference } from '../../core/reference.ts'
import type { JobData } from '../../db/queues.ts'
import type { Person } from '../../security/identity.ts'
import { message, note } from '../../slack/blocks.ts'

/** The days of an export, both inclusive. */
export const daySpan = {
  from: z.iso.date().meta({ title: 'From', time: 'past' }).describe('From this day on (UTC)'),
  to: z.iso.date().meta({ title: 'Through', time: 'past' }).describe('Through this day (UTC)'),
}

type Wanted = Omit<JobData<'export-logs'>, 'person' | 'reference'>

/** Queues an export, which may take minutes. Throws `invalid` for days in the wrong order. */
export async function startExport(bot: Bot, person: Person, wanted: Wanted) {
  if (wanted.from > wanted.to) throw new Failure('invalid', 'The first day must not be after the last day.')
  const reference = newReference()
  await bot.db.transaction((tx) => enqueue(bot, tx, 'export-logs', { ...wanted, person: person.id, reference }))
  return { ...wanted, reference }
}

export function exportView({ from, to, reference }: Wanted & { reference: string }, t: Translate) {
  return message(
    t('The usage logs of {from} – {to} are sent by direct message.', { from, to }),
    note(t('Reference {reference}', { reference })),
  )
}
