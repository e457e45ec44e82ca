import { z } from 'zod'
import { command } from '../../command/command.ts'
import { targetField } from '../../command/common-fields.ts'
import { checkPattern } from '../../command/pattern-field.ts'
import { Failure } from '../../core/failure.ts'
import { slash } from '../../core/slash-command.ts'
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
import { someCodes } from '../../slack/views/codes.ts'
import { immutabilitySentence } from '../../slack/views/immutability.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Make tags that match a pattern immutable',
  help: 'Immutable tags can’t be moved or deleted, not even by admins, and auto-prune keeps them. Existing tags are included. A policy with the same pattern is replaced.',
  input: z.strictObject({
    target: targetField,
    pattern: z.string().trim().min(1).max(256).meta({ title: 'Pattern' }).describe('Regular expression for the tags, such as ^v'),
    matching: z
      .boolean()
      .default(true)
      .meta({ title: 'Pattern matches', advanced: true })
      .describe('No: all tags except those that match the pattern'),
  }),
  examples: ['immutability set acme/api ^v', 'immutability set acme ^dev- matching=no'],
  aliases: ['unchangeable', 'unmovable', 'undeletable', 'write once', 'create', 'add', 'enable', 'make', 'new'],
  permissions: [{ permission: 'admin', on: 'target' }],
  calls: ['POST /repository/{repository}/immutabilitypolicy/'],
  check: ({ pattern }) => checkPattern(pattern),
  // What is there already is left alone.
  changes: { effects: ['changes-limits'], facts: 'preview', retry: 'idempotent' },
  preview: {
    read: async ({ quay, input: { target, pattern, matching } }) => {
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
          target.includes('/')
            ? t(
                '{count, plural, =0 {No existing tag becomes immutable.} one {# tag becomes immutable immediately: {names}} other {# tags become immutable immediately: {names}}}',
                {
                  count: names.length,
                  names: someCodes(names, t),
                },
              )
            : t('The policy applies to every repository of {target}, including existing tags.', { target: bold(target) }),
        ),
        ...(replaced ? [note(t('Replaces: {rule}', { rule: rawMarkup(immutabilitySentence(replaced, t)) }))] : []),
        ...(more ? [note(t('Only the newest tags were checked. There may be more.'))] : []),
      ),
  },
  run: async ({ quay, input: { target, pattern, matching } }) => {
    const before = (await listImmutabilityPolicies(quay, target)).find((policy) => policy.pattern === pattern)
    if (!before) await createImmutabilityPolicy(quay, target, { pattern, matching })
    else if (before.matching !== matching) await updateImmutabilityPolicy(quay, target, before.id, { pattern, matching })
    const stored = await readBack<ImmutabilityRule | undefined>(quay, { pattern, matching }, async () =>
      (await listImmutabilityPolicies(quay, target)).find((policy) => policy.pattern === pattern),
    )
    if (!stored)
      throw new Failure('conflict', 'Quay reported success, but {target} has no immutability policy {pattern}.', {
        target,
        pattern,
      })
    const asAsked = stored.matching === matching
    return { target, pattern, matching: stored.matching, asAsked, before: before && { pattern, matching: before.matching } }
  },
  view: ({ target, before, asAsked, ...rule }, t) =>
    message(
      t('{known, select, same {{target} already has this immutability policy.} other {Immutability policy of {target} set.}}', {
        known: before?.matching === rule.matching ? 'same' : 'new',
        target: bold(target),
      }),
      note(immutabilitySentence(rule, t)),
      ...storedNote(asAsked, t),
      ...(before && before.matching !== rule.matching
        ? [note(t('Replaces: {rule}', { rule: rawMarkup(immutabilitySentence(before, t)) }))]
        : []),
      note(t('Delete it with {command}.', { command: code(slash(`immutability delete ${target} ${rule.pattern}`)) })),
    ),
})
