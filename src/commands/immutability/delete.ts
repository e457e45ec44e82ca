import { z } from 'zod'
import { command } from '../../command/command.ts'
import { targetField } from '../../command/common-fields.ts'
import { begunBy } from '../../command/whole-ids.ts'
import { Failure } from '../../core/failure.ts'
import { deleteImmutabilityPolicy, listImmutabilityPolicies } from '../../quay/immutability.ts'
import type { Quay } from '../../quay/registry.ts'
import { bold, code, message, note } from '../../slack/blocks.ts'
import { immutabilitySentence } from '../../slack/views/immutability.ts'

export default command({
  summary: 'Delete a tag immutability policy',
  help: 'Tags that it made immutable stay immutable until a repository admin makes them mutable one by one.',
  input: z.strictObject({
    target: targetField,
    pattern: z.string().trim().min(1).max(256).meta({ title: 'Pattern' }).describe('Pattern or ID of the policy'),
  }),
  examples: ['immutability delete acme/api ^v'],
  aliases: ['remove', 'unset', 'disable', 'off', 'unlock'],
  permissions: [{ permission: 'admin', on: 'target' }],
  calls: ['GET /repository/{repository}/immutabilitypolicy/'],
  changes: {
    effects: ['changes-limits'],
    facts: 'preview',
    retry: async ({ quay, input }) => ((await findPolicy(quay, input)) ? undefined : { result: input }),
  },
  preview: {
    read: async ({ quay, input }) => ({ target: input.target, ...(await present(quay, input)) }),
    view: ({ target, ...policy }, t) =>
      message(t('Delete this immutability policy of {target}?', { target: bold(target) }), note(immutabilitySentence(policy, t))),
  },
  run: async ({ quay, input }) => {
    const { id, pattern } = await present(quay, input)
    await deleteImmutabilityPolicy(quay, input.target, id)
    return { target: input.target, pattern }
  },
  view: ({ target, pattern }, t) =>
    message(t('Deleted immutability policy {pattern} of {target}.', { target: bold(target), pattern: code(pattern) })),
})

interface Wanted {
  target: string
  pattern: string
}

async function findPolicy(quay: Quay, { target, pattern }: Wanted) {
  const policies = await listImmutabilityPolicies(quay, target)
  return (
    policies.find((one) => one.pattern === pattern) ??
    (/^[\da-f]{4}[\da-f-]*$/i.test(pattern) ? begunBy(policies, 'pattern', pattern) : undefined)
  )
}

async function present(quay: Quay, wanted: Wanted) {
  const found = await findPolicy(quay, wanted)
  if (!found) throw new Failure('not_found', '{target} has no immutability policy {pattern}.', { ...wanted })
  return found
}
