import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { entryOf } from '../../core/foreign-text.ts'
import { tagName } from '../../quay/names.ts'
import { pageOf } from '../../quay/repositories.ts'
import { scanTag } from '../../quay/tag-scan.ts'
import { code, lines, link, message, note, section } from '../../slack/blocks.ts'
import { bySeverity, countsOf, countsText, vulnerabilityLine } from '../../slack/views/scan.ts'

const states: Record<string, string> = {
  queued: 'Quay has not scanned it yet. Look again in some minutes.',
  failed: 'Quay’s scanner failed on it.',
  unsupported: 'Quay’s scanner does not know what kind of image this is.',
  manifest_layer_too_large: 'A layer is too large for Quay’s scanner.',
}

export default command({
  summary: 'Show the security scan of a tag',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagName.default('latest').meta({ of: 'tag', in: 'repository' }).describe('The tag; latest when left out'),
  }),
  examples: ['scan show acme/api', 'scan show acme/api v1.1'],
  aliases: ['list', 'results', 'result'],
  permissions: [{ permission: 'read', on: 'repository' }],
  calls: ['GET /repository/{repository}/manifest/{manifestref}/security'],
  run: async ({ quay, input: { repository, tag }, page }) => {
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
      ...(await slice({ page, size: 20, fetch })),
    }
  },
  view: ({ repository, tag, url, status, platform, fixable, counts, entries }, t) => {
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const found = status === 'scanned'
    return message(
      t(
        '{found, select, true {{all, plural, =0 {No known vulnerability in {image}} one {# vulnerability in {image}} other {# vulnerabilities in {image}}}} other {No scan of {image}}}',
        { found: String(found), all, image: link(url, `${repository}:${tag}`) },
      ),
      ...(found ? [] : [section(t(entryOf(states, status) ?? 'Quay calls its state {status}.', { status }))]),
      ...(all > 0
        ? [
            section(
              t('{counts} – {fixable, plural, =0 {no fixes yet} one {# with a fix} other {# with a fix}}', {
                counts: countsText(counts, t),
                fixable,
              }),
            ),
          ]
        : []),
      ...lines(entries.map((one) => vulnerabilityLine(one, t))),
      ...(platform ? [note(t('Of several platforms this is {platform}.', { platform: code(platform) }))] : []),
    )
  },
})
