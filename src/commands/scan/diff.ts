import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { Failure } from '../../core/failure.ts'
import { tagName } from '../../quay/names.ts'
import type { Vulnerability } from '../../quay/security.ts'
import { scanTag, type TagScan } from '../../quay/tag-scan.ts'
import { bold, code, lines, message, rawMarkup, section } from '../../slack/blocks.ts'
import { bySeverity, countsOf, countsText, vulnerabilityLine } from '../../slack/views/scan.ts'

export default command({
  summary: 'Compare the security scans of two tags',
  help: 'What came and what went between the first tag and the second.',
  input: z.strictObject({
    repository: repositoryField,
    from: tagName.meta({ of: 'tag', in: 'repository' }).describe('The tag to compare with'),
    to: tagName.default('latest').meta({ of: 'tag', in: 'repository' }).describe('The tag that is compared; latest when left out'),
  }),
  examples: ['scan diff acme/api v1.0', 'scan diff acme/api v1.0 v1.1'],
  aliases: ['changed between', 'what changed', 'compare', 'difference', 'changes', 'diff'],
  permissions: [{ permission: 'read', on: 'repository' }],
  calls: ['GET /repository/{repository}/manifest/{manifestref}/security'],
  run: async ({ quay, input: { repository, from, to }, page }) => {
    const [before, after] = await Promise.all([scanned(quay, repository, from), scanned(quay, repository, to)])
    const came = without(after.vulnerabilities, before.vulnerabilities)
    const went = without(before.vulnerabilities, after.vulnerabilities)
    const all = [
      ...bySeverity(came).map((one) => ({ ...one, change: 'came' })),
      ...bySeverity(went).map((one) => ({ ...one, change: 'went' })),
    ]
    const fetch = async () => ({ entries: all, next: undefined })
    return { repository, from, to, came: countsOf(came), went: countsOf(went), ...(await slice({ page, size: 20, fetch })) }
  },
  view: ({ repository, from, to, came, went, entries }, t) => {
    const [more, less] = [came, went].map((counts) => Object.values(counts).reduce((sum, count) => sum + count, 0))
    return message(
      t(
        'From {from} to {to} of {repository}: {more, plural, =0 {no new vulnerability} one {# new vulnerability} other {# new vulnerabilities}}, {less, plural, =0 {none gone} other {# gone}}',
        {
          from: code(from),
          to: code(to),
          repository: bold(repository),
          more: more ?? 0,
          less: less ?? 0,
        },
      ),
      ...(more ? [section(t('New: {counts}', { counts: countsText(came, t) }))] : []),
      ...(less ? [section(t('Gone: {counts}', { counts: countsText(went, t) }))] : []),
      ...lines(
        entries.map((one) =>
          t('{change, select, came {:heavy_plus_sign: {line}} other {:heavy_minus_sign: {line}}}', {
            change: one.change,
            line: rawMarkup(vulnerabilityLine(one, t)),
          }),
        ),
      ),
    )
  },
})

async function scanned(...[quay, repository, tag]: Parameters<typeof scanTag>): Promise<TagScan> {
  const scan = await scanTag(quay, repository, tag)
  if (scan.status !== 'scanned') {
    throw new Failure('conflict', 'Quay has no finished scan of {repository}:{tag}: {status}.', { repository, tag, status: scan.status })
  }
  return scan
}

/** A vulnerability of the same name in another package is another one; in another version it is the same. */
function without(some: Vulnerability[], others: Vulnerability[]) {
  const keys = new Set(others.map(({ name, package: holder }) => `${name} ${holder}`))
  return some.filter(({ name, package: holder }) => !keys.has(`${name} ${holder}`))
}
