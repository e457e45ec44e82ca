import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { namespaceOf } from '../../quay/names.ts'
import { listNewestTags } from '../../quay/newest-tags.ts'
import { foretells, listPrunePolicies, prunedBy, prunesRepositories } from '../../quay/pruning.ts'
import { effectivePermission, hasPermission } from '../../security/permissions.ts'
import { bold, message, note, rawMarkup, section } from '../../slack/blocks.ts'
import { codes } from '../../slack/views/codes.ts'
import { pruneSentence } from '../../slack/views/prune.ts'

export default command({
  summary: 'Show which tags auto-prune is going to delete',
  help: 'By the policies of the repository, and by those of its organisation where you may see them.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['prune preview acme/api'],
  aliases: ['dry run', 'plan', 'test', 'simulate', 'what would be deleted', 'candidates'],
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
        ? t('Which tags of {repository} are about to go cannot be told here.', { repository: bold(repository) })
        : t(
            '{policies, plural, =0 {{above, select, unread {{repository} has no auto-prune policy of its own.} other {No auto-prune policy holds for {repository}.}}} other {{count, plural, =0 {{above, select, unread {No tag of {repository} is about to go by its own policies.} other {No tag of {repository} is about to go.}}} one {# tag of {repository} is about to go.} other {# tags of {repository} are about to go.}}}}',
            {
              above: above === undefined ? 'read' : 'unread',
              policies: rules.length,
              count,
              repository: bold(repository),
            },
          ),
      ...rules.map(({ rule, names }) =>
        section(
          names
            ? t('{rule} {count, plural, =0 {Nothing goes.} other {{names}{rest, plural, =0 {} other { and # more}}}}', {
                rule: rawMarkup(pruneSentence(rule, t)),
                count: names.length,
                names: codes(names.slice(0, 20)),
                rest: Math.max(0, names.length - 20),
              })
            : t('{rule} Which tags that are, only Quay can tell.', { rule: rawMarkup(pruneSentence(rule, t)) }),
        ),
      ),
      ...(above ? [note(t('If {namespace} has policies, they hold as well: only its admins see them.', { namespace: bold(above) }))] : []),
      ...(more ? [note(t('Only the newest {all} tags were looked at: there may be more.', { all }))] : []),
    ),
})
