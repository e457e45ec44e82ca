import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { Failure } from '../../core/failure.ts'
import { tagName } from '../../quay/names.ts'
import type { Vulnerability } from '../../quay/security.ts'
import { scanTag, type TagScan } from '../../quay/tag-scan.ts'
import { bold, code, section } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asText } from '../../slack/lists/values.ts'
import { bySeverity, countsOf, countsText, vulnerabilityColumns } from '../../slack/views/scan.ts'

export default command({
  summary: 'Compare vulnerabilities of two tags',
  help: 'Shows vulnerabilities that were added or fixed between the first and the second tag.',
  input: z.strictObject({
    repository: repositoryField,
    from: tagName.meta({ title: 'First tag', of: 'tag', in: 'repository' }).describe('First tag, usually the older one'),
    to: tagName.default('latest').meta({ title: 'Second tag', of: 'tag', in: 'repository' }).describe('Second tag (default: latest)'),
  }),
  examples: ['scan diff acme/api v1.0', 'scan diff acme/api v1.0 v1.1'],
  aliases: ['changed between', 'what changed', 'compare', 'difference', 'changes', 'diff'],
  permissions: [{ permission: 'read', on: 'repository' }],
  calls: ['GET /repository/{repository}/manifest/{manifestref}/security'],
  run: async ({ quay, input: { repository, from, to }, page, rows }) => {
    const [before, after] = await Promise.all([scanned(quay, repository, from), scanned(quay, repository, to)])
    const came = without(after.vulnerabilities, before.vulnerabilities)
    const went = without(before.vulnerabilities, after.vulnerabilities)
    const all = [
      ...bySeverity(came).map((one) => ({ ...one, change: 'came' })),
      ...bySeverity(went).map((one) => ({ ...one, change: 'went' })),
    ]
    const fetch = async () => ({ entries: all, next: undefined })
    return { repository, from, to, came: countsOf(came), went: countsOf(went), ...(await slice({ page, size: rows, fetch })) }
  },
  view: ({ repository, from, to, came, went, entries }, t) => {
    const [more, less] = [came, went].map((counts) => Object.values(counts).reduce((sum, count) => sum + count, 0))
    return listMessage<(typeof entries)[number]>(
      {
        headline: t(
          'From {from} to {to} of {repository}: {more, plural, =0 {no new vulnerabilities} one {# new vulnerability} other {# new vulnerabilities}}, {less, plural, =0 {none resolved} other {# resolved}}',
          {
            from: code(from),
            to: code(to),
            repository: bold(repository),
            more: more ?? 0,
            less: less ?? 0,
          },
        ),
        before: [
          ...(more ? [section(t('New: {counts}', { counts: countsText(came, t) }))] : []),
          ...(less ? [section(t('Resolved: {counts}', { counts: countsText(went, t) }))] : []),
        ],
        rows: entries,
        columns: [
          ...vulnerabilityColumns(t),
          {
            name: 'change',
            title: t.plain('Change'),
            value: ({ change }) => asText(t.plain('{change, select, came {new} other {resolved}}', { change })),
          },
        ],
      },
      t,
    )
  },
})

async function scanned(...[quay, repository, tag]: Parameters<typeof scanTag>): Promise<TagScan> {
  const scan = await scanTag(quay, repository, tag)
  if (scan.status !== 'scanned') {
    throw new Failure('conflict', '{repository}:{tag} has not been scanned yet ({status, select, queued {queued} other {{status}}}).', {
      repository,
      tag,
      status: scan.status,
    })
  }
  return scan
}

/** A vulnerability of the same name in another package is another one; in another version it is the same. */
function without(some: Vulnerability[], others: Vulnerability[]) {
  const keys = new Set(others.map(({ name, package: holder }) => `${name} ${holder}`))
  return some.filter(({ name, package: holder }) => !keys.has(`${name} ${holder}`))
}
