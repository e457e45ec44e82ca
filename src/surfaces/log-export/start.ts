import { z } from 'zod'
import { type Bot, enqueue } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { newReference } from '../../core/reference.ts'
import type { JobData } from '../../db/queues.ts'
import { findOrganization } from '../../quay/organizations.ts'
import { readRepository } from '../../quay/repositories.ts'
import { findUser } from '../../quay/users.ts'
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
  await assertThere(bot, wanted)
  const reference = newReference()
  await bot.db.transaction((tx) => enqueue(bot, tx, 'export-logs', { ...wanted, person: person.id, reference }))
  return { ...wanted, reference }
}

/** Nobody waits for an export that will find nothing. */
async function assertThere({ quay }: Bot, { scope, name = '' }: Wanted) {
  if (scope === 'repository') await readRepository(quay, name)
  if (scope === 'namespace' && !(await findOrganization(quay, name)) && !(await findUser(quay, name)))
    throw new Failure('not_found', 'Namespace {namespace} not found.', { namespace: name })
}

/** The reply at once: the file itself follows by direct message. */
export function exportView({ from, to, reference }: Wanted & { reference: string }, t: Translate) {
  return message(
    t('The usage logs of {from} – {to} are sent by direct message.', { from, to }),
    note(t('Reference {reference}', { reference })),
  )
}
