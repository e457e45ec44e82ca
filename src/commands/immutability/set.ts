import { z } from 'zod'
import { command } from '../../command/command.ts'
import { targetField } from '../../command/common-fields.ts'
import { checkPattern } from '../../command/pattern-field.ts'
import { Failure } from '../../core/failure.ts'
import {
  createImmutabilityPolicy,
  type ImmutabilityRule,
  listImmutabilityPolicies,
  lockedBy,
  updateImmutabilityPolicy,
} from '../../quay/immutability.ts'
import { listNewestTags } from '../../quay/newest-tags.ts'
import { readBack } from '../../quay/read-back.ts'
import { bold, code, message, note, rawMarkup, section } from '../../slack/blocks.ts'
import { codes } from '../../slack/views/codes.ts'
import { immutabilitySentence } from '../../slack/views/immutability.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Let nobody move or delete certain tags',
  help: 'Not even admins move or delete such a tag, and auto-prune spares it. It holds for the tags that are there too. A policy with the same pattern is replaced.',
  input: z.strictObject({
    target: targetField,
    pattern: z.string().trim().min(1).max(256).describe('Which tags: a regular expression, such as ^v'),
    matching: z.boolean().default(true).meta({ advanced: true }).describe('No: all tags but those that match the pattern'),
  }),
  examples: ['immutability set acme/api ^v', 'immutability set acme ^dev- matching=no'],
  aliases: ['create', 'add', 'enable', 'make', 'new'],
  permissions: [{ permission: 'admin', on: 'target' }],
  calls: ['POST /repository/{repository}/immutabilitypolicy/'],
  // What is there already is left alone.
  changes: { effects: ['changes-limits'], facts: 'preview', retry: 'idempotent' },
  preview: {
    read: async ({ quay, input: { target, pattern, matching } }) => {
      checkPattern(pattern)
      const before = (await listImmutabilityPolicies(quay, target)).find((policy) => policy.pattern === pattern)
      const { tags, more } = target.includes('/') ? await listNewestTags(quay, target) : { tags: [], more: false }
      const names = lockedBy({ pattern, matching }, tags).map(({ name }) => name)
      return { target, pattern, matching, more, names, replaced: before && { pattern, matching: before.matching } }
    },
    view: ({ target, names, more, replaced, ...rule }, t) =>
      message(
        t('Set this immutability policy of {target}?', { target: bold(target) }),
        section(immutabilitySentence(rule, t)),
        section(
          t(
            '{kind, select, namespace {It holds for every repository of {target}, also for the tags that are there.} other {{count, plural, =0 {No tag that is there becomes immutable.} one {One tag becomes immutable at once: {names}} other {# tags become immutable at once: {names}{rest, plural, =0 {} other { and # more}}}}}}',
            {
              kind: target.includes('/') ? 'repository' : 'namespace',
              target: bold(target),
              count: names.length,
              names: codes(names.slice(0, 20)),
              rest: Math.max(0, names.length - 20),
            },
          ),
        ),
        ...(replaced ? [note(t('It replaces: {rule}', { rule: rawMarkup(immutabilitySentence(replaced, t)) }))] : []),
        ...(more ? [note(t('Only the newest tags were looked at: there may be more.'))] : []),
      ),
  },
  run: async ({ quay, input: { target, pattern, matching } }) => {
    checkPattern(pattern)
    const before = (await listImmutabilityPolicies(quay, target)).find((policy) => policy.pattern === pattern)
    if (!before) await createImmutabilityPolicy(quay, target, { pattern, matching })
    else if (before.matching !== matching) await updateImmutabilityPolicy(quay, target, before.id, { pattern, matching })
    const stored = await readBack<ImmutabilityRule | undefined>(quay, { pattern, matching }, async () =>
      (await listImmutabilityPolicies(quay, target)).find((policy) => policy.pattern === pattern),
    )
    if (!stored)
      throw new Failure('conflict', 'Quay answered that it is done, and yet {target} has no immutability policy {pattern}.', {
        target,
        pattern,
      })
    const asAsked = stored.matching === matching
    return { target, pattern, matching: stored.matching, asAsked, before: before && { pattern, matching: before.matching } }
  },
  view: ({ target, before, asAsked, ...rule }, t) =>
    message(
      t('{known, select, same {{target} has this policy already.} other {{target} has an immutability policy now.}}', {
        known: before?.matching === rule.matching ? 'same' : 'new',
        target: bold(target),
      }),
      note(immutabilitySentence(rule, t)),
      ...storedNote(asAsked, t),
      ...(before && before.matching !== rule.matching
        ? [note(t('It replaces: {rule}', { rule: rawMarkup(immutabilitySentence(before, t)) }))]
        : []),
      note(t('End it with {command}.', { command: code(`/quay immutability delete ${target} ${rule.pattern}`) })),
    ),
})
