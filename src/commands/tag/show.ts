import { z } from 'zod'
import { orUnknown, vulnerabilitiesOf } from '../../command/card-facts.ts'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { begunBy } from '../../command/whole-ids.ts'
import { Failure } from '../../core/failure.ts'
import type { Quay } from '../../quay/registry.ts'
import { pageOf } from '../../quay/repositories.ts'
import { findTagPulls, listTags, readTag, type Tag } from '../../quay/tags.ts'
import { code, fields, link, message, moment } from '../../slack/blocks.ts'
import { codes } from '../../slack/views/codes.ts'
import { vulnerableText } from '../../slack/views/object-card.ts'
import { shortDigest, tagSize } from '../../slack/views/tag.ts'

// Whole, or its beginning.
const digest = /^sha256:[0-9a-f]{4,64}$/

export default command({
  summary: 'Show a tag',
  input: z.strictObject({
    repository: repositoryField,
    tag: z
      .string()
      .trim()
      .max(128)
      .regex(/^(?:\w[\w.-]*|sha256:[0-9a-f]{4,64})$/, 'Use letters, digits and . _ -, as in v1.2, or a digest')
      .meta({ title: 'Tag', of: 'tag', in: 'repository' })
      .describe('The tag, or a digest: sha256:…'),
  }),
  examples: ['tag show acme/api v1.1'],
  aliases: [
    'how old',
    'age',
    'age of',
    'crane digest',
    'image digest',
    'digest of',
    'show digest',
    'get digest',
    'manifest',
    'sha',
    'layers',
    'labels',
    'architecture',
    'platforms',
    'image inspect',
  ],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository, tag: name } }) => {
    const { tag, others } = digest.test(name)
      ? await ofDigest(quay, repository, name)
      : { tag: await readTag(quay, repository, name), others: [] }
    const [vulnerable, pulls] = await Promise.all([
      vulnerabilitiesOf(quay, repository, tag),
      digest.test(name) ? undefined : orUnknown(findTagPulls(quay, repository, name)),
    ])
    const url = pageOf(quay, digest.test(name) ? `${repository}/manifest/${tag.digest}` : `${repository}?tab=tags&tag=${name}`)
    return {
      ...tag,
      repository,
      image: digest.test(name) ? `${repository}@${tag.digest}` : `${repository}:${name}`,
      url,
      others,
      vulnerable,
      pulls,
    }
  },
  view: ({ image, url, others, vulnerable, pulls, immutable, until, since, ...tag }, t) =>
    message(
      t('Image {image}', { image: link(url, image) }),
      fields(
        [t.plain('Size'), tagSize(tag, t)],
        [t.plain('Digest'), shortDigest(tag.digest).markup],
        [t.plain('Pushed'), moment(Date.parse(since ?? '')).markup],
        [t.plain('Expires'), until === undefined ? t('Never') : moment(Date.parse(until)).markup],
        [t.plain('Vulnerabilities'), vulnerableText(vulnerable, t)],
        ...(others.length > 0 ? [[t.plain('Tags'), codes(others, t).markup] as [string, string]] : []), // otherwise inferred as string[]
        ...(typeof pulls === 'object' ? [[t.plain('Pulls'), String(pulls.pulls)] as [string, string]] : []), // otherwise inferred as string[]
        ...(immutable ? [[t.plain('Immutable'), t('Yes')] as [string, string]] : []), // otherwise inferred as string[]
        [t.plain('Pull'), code(`podman pull ${new URL(url).host}/${image}`).markup],
      ),
    ),
})

/**
 * Quay finds images by their tags alone, so a digest, or the beginning of one, is looked for among the newest hundred. Not found: no tag
 * has it. Invalid, about the tag: several digests begin like that.
 */
async function ofDigest(quay: Quay, repository: string, wanted: string): Promise<{ tag: Tag; others: string[] }> {
  const { tags } = await listTags(quay, repository, { limit: 100 })
  const digests = [...new Set(tags.map((one) => one.digest))].map((id) => ({ id }))
  const whole = begunBy(digests, 'tag', wanted)?.id
  const found = tags.filter((one) => one.digest === whole)
  const [tag] = found
  if (!tag) throw new Failure('not_found', 'None of the latest tags of {repository} has this digest.', { repository })
  return { tag, others: found.map(({ name }) => name) }
}
