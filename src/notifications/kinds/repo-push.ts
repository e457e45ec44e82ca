import { z } from 'zod'
import type { Bot } from '../../context.ts'
import { aDay } from '../../core/durations.ts'
import { withPriority } from '../../quay/http.ts'
import { pageOf } from '../../quay/repositories.ts'
import { listTagHistory, type Tag } from '../../quay/tags.ts'
import { code, link, message, moment, note } from '../../slack/blocks.ts'
import { kind, tagNames } from '../event-kind.ts'

const body = z.object({ updated_tags: tagNames, pruned_image_count: z.number().optional().catch(undefined) })

/**
 * A push. Its body has neither a time nor a digest and equals that of the next push of the tag (docs/SECURITY.md rule 17), so
 * the push is read from the tag's history, which has an entry for each.
 */
export const repoPush = kind({
  group: 'pushes',
  events: ['repo_push'],
  word: 'push',
  schema: body,
  // Only Quay's example counts pruned images (docs/quay.md, Real and sample events).
  isExample: (body) => body.pruned_image_count !== undefined,
  subjects: async (bot, { object, body, receivedAt }) => {
    const histories = await Promise.all(body.updated_tags.map((tag) => historyOf(bot, object, tag)))
    const since = receivedAt.getTime() - aDay
    return histories.flat().flatMap((tag) => (atOf(tag) >= since ? [pushOf(object, tag)] : []))
  },
  render: async ({ quay }, { object, data }, t) => {
    const { tag, digest, size, at } = data as { tag: string; digest: string; size?: number; at: number } // pushOf wrote it
    const repository = object ?? ''
    const page = pageOf(quay, repository)
    const text = t(':package: {repository}: {tag} pushed.', { tag: code(tag), repository: link(page, repository) })
    const detail =
      size === undefined
        ? t('{moment}: {digest}', { moment: moment(at), digest: code(digest.slice(0, 19)) })
        : t('{moment}: {digest}, {megabytes, number} MB', {
            moment: moment(at),
            digest: code(digest.slice(0, 19)),
            megabytes: Math.round(size / 1e6),
          })
    return message(text, note(detail))
  },
})

async function historyOf({ quay }: Bot, repository: string, tag: string) {
  return (await listTagHistory(withPriority(quay, { class: 'job', work: 'event' }), repository, { tag, limit: 20 })).tags
}

function atOf({ since }: Tag) {
  return Date.parse(since ?? '')
}

function pushOf(repository: string, tag: Tag) {
  const { name, digest, size } = tag
  const at = atOf(tag)
  return { subject: `push ${repository} ${name} ${at} ${digest.slice(-12)}`, at, tags: [name], data: { tag: name, digest, size, at } }
}
