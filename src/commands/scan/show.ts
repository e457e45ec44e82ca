import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { entryOf } from '../../core/foreign-text.ts'
import { tagName } from '../../quay/names.ts'
import { pageOf } from '../../quay/repositories.ts'
import { scanTag } from '../../quay/tag-scan.ts'
import { code, link, note, section } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { severityChart } from '../../slack/views/charts.ts'
import { bySeverity, countsOf, countsText, vulnerabilityColumns } from '../../slack/views/scan.ts'

const states: Record<string, string> = {
  queued: 'Not scanned yet. Try again in a few minutes.',
  failed: 'Quay’s security scanner failed on this image.',
  unsupported: 'Quay’s security scanner does not support this kind of image.',
  manifest_layer_too_large: 'A layer is too large for Quay’s security scanner.',
}

export default command({
  summary: 'Show vulnerabilities of a tag',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagName.default('latest').meta({ title: 'Tag', of: 'tag', in: 'repository' }).describe('Tag (default: latest)'),
  }),
  examples: ['scan show acme/api', 'scan show acme/api v1.1'],
  aliases: [
    'safe',
    'list',
    'results',
    'result',
    'vulnerable',
    'is vulnerable',
    'is safe',
    'secure',
    'security scan of',
    'vulnerability report',
    'check vulnerabilities',
  ],
  permissions: [{ permission: 'read', on: 'repository' }],
  calls: ['GET /repository/{repository}/manifest/{manifestref}/security'],
  run: async ({ quay, input: { repository, tag }, page, rows }) => {
    const { status, vulnerabilities, digest, platform } = await scanTag(quay, repository, tag)
    const fetch = async () => ({ entries: bySeverity(vulnerabilities), next: undefined })
    const fixable = vulnerabilities.filter(({ fixedIn }) => fixedIn).length
    const url = pageOf(quay, `${repository}/manifest/${digest}?tab=vulnerabilities`)
    return {
      repository,
      tag,
      url,
      status,
      platform,
      fixable,
      counts: countsOf(vulnerabilities),
      ...(await slice({ page, size: rows, fetch })),
    }
  },
  view: ({ repository, tag, url, status, platform, fixable, counts, entries }, t) => {
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const found = status === 'scanned'
    return listMessage(
      {
        headline: t(
          '{found, select, true {{all, plural, =0 {No known vulnerabilities in {image}} one {# vulnerability in {image}} other {# vulnerabilities in {image}}}} other {No scan of {image}}}',
          { found: String(found), all, image: link(url, `${repository}:${tag}`) },
        ),
        before: [
          ...(found ? [] : [section(t(entryOf(states, status) ?? 'Status in Quay: {status}.', { status }))]),
          ...(all > 0
            ? [
                section(
                  t('{counts} · {fixable, number} fixable', {
                    counts: countsText(counts, t),
                    fixable,
                  }),
                ),
                ...severityChart(counts, t),
              ]
            : []),
        ],
        rows: entries,
        columns: vulnerabilityColumns(t),
        after: platform ? [note(t('Multi-platform image; these are the results for {platform}.', { platform: code(platform) }))] : [],
      },
      t,
    )
  },
})
