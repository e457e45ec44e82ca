import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import type { Translate } from '../../core/i18n.ts'
import { namespaceOf } from '../../quay/names.ts'
import { listNewestTags } from '../../quay/newest-tags.ts'
import { foretells, listPrunePolicies, prunedBy, prunesRepositories } from '../../quay/pruning.ts'
import { effectivePermission, hasPermission } from '../../security/permissions.ts'
import { bold, message, note, rawMarkup, section } from '../../slack/blocks.ts'
import { someCodes } from '../../slack/views/codes.ts'
import { pruneSentence } from '../../slack/views/prune.ts'

export default command({
  summary: 'Preview what auto-prune would delete',
  help: 'Uses the policies of the repository and, if you can see them, of its organization.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['prune preview acme/api'],
  aliases: [
    'will disappear',
    'go away',
    'dry run',
    'plan',
    'test',
    'simulate',
    'what would be deleted',
    'candidates',
    'would be pruned',
    'will be pruned',
    'would be deleted',
    'would prune',
    'would go',
    'will be deleted',
    'going to be deleted',
    'what will be deleted',
    'will be removed',
    'be deleted',
    'about to be deleted',
  ],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['GET /organization/{orgname}/autoprunepolicy/'],
  run: async ({ quay, bot, person, input: { repository } }) => {
    const namespace = namespaceOf(repository)
    // Quay shows an organisation's policies to its admins alone (test/recorded/quay/rights-matrix.json, Organisation).
    const above = namespace !== person.account && hasPermission(await effectivePermission(bot, person, namespace), 'admin')
    const [own, inherited, { tags, more }] = await Promise.all([
      prunesRepositories(quay) ? listPrunePolicies(quay, repository) : [],
      above ? listPrunePolicies(quay, namespace) : [],
      listNewestTags(quay, repository),
    ])
    const rules = [...own, ...inherited].map((rule) => ({
      rule,
      names: foretells(rule) ? prunedBy(rule, tags, bot.clock()).map(({ name }) => name) : undefined,
    }))
    return {
      repository,
      above: above || namespace === person.account ? undefined : namespace,
      all: tags.length,
      more,
      count: new Set(rules.flatMap(({ names = [] }) => names)).size,
      untold: rules.some(({ names }) => names === undefined),
      rules,
    }
  },
  view: ({ repository, above, all, more, count, untold, rules }, t) =>
    message(
      untold && count === 0
        ? t('Quaymaster can’t tell which tags of {repository} will be deleted.', { repository: bold(repository) })
        : previewSentence({ repository, policies: rules.length, count, unread: above !== undefined }, t),
      ...rules.map(({ rule, names }) =>
        section(
          names
            ? t('{rule} {count, plural, =0 {No tags to delete.} other {{names}}}', {
                rule: rawMarkup(pruneSentence(rule, t)),
                count: names.length,
                names: someCodes(names, t),
              })
            : t('{rule} Only Quay can tell which tags these are.', { rule: rawMarkup(pruneSentence(rule, t)) }),
        ),
      ),
      ...(above ? [note(t('Policies of {namespace} may apply as well; only its admins can see them.', { namespace: bold(above) }))] : []),
      ...(more ? [note(t('Only the newest {all} tags were checked. There may be more.', { all }))] : []),
    ),
})

interface Preview {
  repository: string
  policies: number
  count: number
  /** The policies of the namespace are not shown to this person. */
  unread: boolean
}

function previewSentence({ repository, policies, count, unread }: Preview, t: Translate) {
  const values = { repository: bold(repository), count }
  if (policies === 0)
    return unread
      ? t('{repository} has no auto-prune policies of its own.', values)
      : t('No auto-prune policy applies to {repository}.', values)
  if (count > 0)
    return t(
      '{count, plural, one {# tag of {repository} will be deleted soon.} other {# tags of {repository} will be deleted soon.}}',
      values,
    )
  return unread
    ? t('No tags of {repository} will be deleted soon by its own policies.', values)
    : t('No tags of {repository} will be deleted soon.', values)
}
