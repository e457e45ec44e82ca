import { z } from 'zod'
import { command, type Run } from '../../command/command.ts'
import { targetField } from '../../command/common-fields.ts'
import { checkPattern } from '../../command/pattern-field.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { slash } from '../../core/slash-command.ts'
import { listNewestTags } from '../../quay/newest-tags.ts'
import { checkPatterns, listPrunePolicies, type PruneRule, prunedBy, storePrunePolicy } from '../../quay/pruning.ts'
import { bold, code, message, note, rawMarkup, section } from '../../slack/blocks.ts'
import { someCodes } from '../../slack/views/codes.ts'
import { pruneSentence, shownRule } from '../../slack/views/prune.ts'

const input = z.strictObject({
  target: targetField,
  keep: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ title: 'Tags to keep' })
    .describe('Number of newest tags to keep; or enter a maximum age'),
  older_than: z
    .string()
    .regex(/^[1-9]\d{0,5}[smhdw]$/, 'Enter a duration like 30d')
    .optional()
    .meta({ title: 'Maximum age', time: 'duration' })
    .describe('Delete tags older than this: 30d (s, m, h, d or w)'),
  pattern: z.string().trim().min(1).max(256).optional().meta({ title: 'Pattern' }).describe('Only tags that match this regular expression'),
  matching: z
    .boolean()
    .default(true)
    .meta({ title: 'Pattern matches', advanced: true })
    .describe('No: only tags that do not match the pattern'),
})

type Input = z.output<typeof input>

export default command({
  summary: 'Set an auto-prune policy',
  help: 'A policy of the same kind and pattern is replaced. You see what would be deleted before you confirm.',
  input,
  examples: ['prune set acme/api keep=20', 'prune set acme older_than=90d pattern=^pr-'],
  aliases: [
    'create',
    'add',
    'enable',
    'configure',
    'new',
    'keep',
    'keep tags',
    'clean up',
    'cleanup',
    'delete old tags',
    'remove old tags',
    'delete tags older',
    'clean up tags',
    'expire old tags',
    'garbage collect',
    'delete old images',
    'remove old images',
    'delete old',
    'remove old',
    'clean old',
    'old images',
    'automatically delete',
    'delete automatically',
    'auto delete',
    'auto-delete',
    'automatic cleanup',
    'automatically',
  ],
  permissions: [{ permission: 'admin', on: 'target' }],
  calls: ['POST /organization/{orgname}/autoprunepolicy/'],
  check: (given) => void ruleOf(given),
  changes: { effects: ['destroys', 'changes-limits'], facts: 'preview', retry: 'idempotent' },
  preview: {
    read: async (run) => {
      const { target } = run.input
      const rule = ruleOf(run.input)
      checkPatterns(run.quay, target, rule)
      const [replaced, { tags, more }] = await Promise.all([
        sameKind(run),
        target.includes('/') ? listNewestTags(run.quay, target) : { tags: [], more: false },
      ])
      const names = prunedBy(rule, tags, run.bot.clock()).map(({ name }) => name)
      return { more, rule, names, target, replaced: replaced && shownRule(replaced) }
    },
    view: ({ target, rule, replaced, names, more }, t) =>
      message(
        t('Set an auto-prune policy for {target}?', { target: bold(target) }),
        section(pruneSentence(rule, t)),
        section(
          target.includes('/')
            ? t(
                '{count, plural, =0 {No tags would be deleted now.} one {# tag would be deleted soon: {names}} other {# tags would be deleted soon: {names}}}',
                {
                  count: names.length,
                  names: someCodes(names, t),
                },
              )
            : t('The policy applies to every repository of {target}. Preview one of them with {preview}.', {
                target: bold(target),
                preview: code(slash(`prune preview ${target}/…`)),
              }),
        ),
        ...(replaced ? [note(t('Replaces: {rule}', { rule: rawMarkup(pruneSentence(replaced, t)) }))] : []),
        ...(more ? [note(t('Only the newest tags were checked. More tags may be deleted.'))] : []),
      ),
  },
  run: async (run) => {
    const { quay, input } = run
    const rule = ruleOf(input)
    await storePrunePolicy(quay, input.target, rule, await sameKind(run))
    return { target: input.target, rule }
  },
  view: ({ target, rule }, t) =>
    message(
      t('Auto-prune policy of {target} set.', { target: bold(target) }),
      section(pruneSentence(rule, t)),
      note(t('Delete it with {command}.', { command: code(slash(`prune delete ${target}`)) })),
    ),
})

function ruleOf({ keep, older_than: age, pattern, matching }: Input): PruneRule {
  if (pattern !== undefined) checkPattern(pattern)
  if ((keep === undefined) === (age === undefined)) throw fieldProblem('keep', 'Enter either the number of tags to keep or a maximum age.')
  return keep === undefined
    ? { value: age ?? '', method: 'creation_date', pattern, matching }
    : { value: keep, method: 'number_of_tags', pattern, matching }
}

/** Quay has several policies, but none twice; one of the same method and pattern is what is meant. */
async function sameKind({ quay, input }: Run<Input>) {
  const wanted = ruleOf(input)
  const policies = await listPrunePolicies(quay, input.target)
  return policies.find(
    ({ method, pattern, matching }) =>
      method === wanted.method && pattern === wanted.pattern && (pattern === undefined || matching === wanted.matching),
  )
}
