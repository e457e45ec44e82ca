import { z } from 'zod'
import { command, type Run } from '../../command/command.ts'
import { targetField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { deletePrunePolicy, listPrunePolicies } from '../../quay/pruning.ts'
import { bold, lines, message, rawMarkup } from '../../slack/blocks.ts'
import { pruneSentence, shownRule } from '../../slack/views/prune.ts'

const input = z.strictObject({
  target: targetField,
  policy: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .meta({ title: 'Policy ID', identifies: 'prune-policy' })
    .describe('ID of the policy (default: all policies)'),
})

export default command({
  summary: 'Delete an auto-prune policy',
  input,
  examples: ['prune delete acme/api'],
  aliases: ['disable', 'stop', 'off', 'remove'],
  permissions: [{ permission: 'admin', on: 'target' }],
  calls: ['GET /organization/{orgname}/autoprunepolicy/'],
  changes: {
    effects: ['changes-limits'],
    facts: 'preview',
    retry: async (run) => ((await chosen(run)).length > 0 ? undefined : { result: { target: run.input.target, count: 0 } }),
  },
  preview: {
    read: async (run) => ({ target: run.input.target, policies: (await present(run)).map((one) => ({ id: one.id, ...shownRule(one) })) }),
    view: ({ target, policies }, t) =>
      message(
        t('Delete the auto-prune policies of {target}?', { target: bold(target) }),
        ...lines(policies.map((policy) => t('• {rule}', { rule: rawMarkup(pruneSentence(policy, t)) }))),
      ),
  },
  run: async (run) => {
    const policies = await present(run)
    for (const { id } of policies) await deletePrunePolicy(run.quay, run.input.target, id)
    return { target: run.input.target, count: policies.length }
  },
  view: ({ target, count }, t) =>
    message(
      t(
        '{count, plural, =0 {{target} no longer has this auto-prune policy.} one {Deleted # auto-prune policy of {target}.} other {Deleted # auto-prune policies of {target}.}}',
        {
          count,
          target: bold(target),
        },
      ),
    ),
})

async function chosen({ quay, input: { target, policy } }: Run<z.output<typeof input>>) {
  const policies = await listPrunePolicies(quay, target)
  return policies.filter(({ id }) => policy === undefined || id === policy)
}

async function present(run: Run<z.output<typeof input>>) {
  const found = await chosen(run)
  const { target, policy } = run.input
  if (found.length > 0) return found
  if (policy === undefined) throw new Failure('not_found', '{target} has no auto-prune policies of its own.', { target })
  throw new Failure('not_found', '{object} has no auto-prune policy {id}.', { object: target, id: policy })
}
