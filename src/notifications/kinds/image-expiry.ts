import { z } from 'zod'
import { withPriority } from '../../quay/http.ts'
import { pageOf } from '../../quay/repositories.ts'
import { findTag } from '../../quay/tags.ts'
import { code, link, message, moment, note, rawMarkup } from '../../slack/blocks.ts'
import { kind, tagNames } from '../event-kind.ts'

const body = z.object({ tags: tagNames })

/** Tags that expire soon. The time is read from Quay, and tags that no longer expire are left out. */
export const imageExpiry = kind({
  group: 'expiry',
  events: ['repo_image_expiry'],
  word: 'expiry',
  schema: body,
  // An example event cannot be told from a real one, but its tags do not expire, so nothing is posted.
  isExample: () => false,
  subjects: async (bot, { id, object, body, receivedAt }) => {
    const found = await Promise.all(body.tags.map((tag) => findTag(withPriority(bot.quay, { class: 'job', work: 'event' }), object, tag)))
    const expiring = found.flatMap((tag) => (tag?.until ? [{ name: tag.name, until: Date.parse(tag.until) }] : []))
    if (expiring.length === 0) return []
    const tags = expiring.map(({ name }) => name)
    return [{ subject: `expiry ${object} ${id}`, at: receivedAt.getTime(), tags, data: { expiring } }]
  },
  render: async ({ quay }, { object, data }, t) => {
    const expiring = data.expiring as { name: string; until: number }[] // subjects() wrote it
    const repository = object ?? ''
    const all = expiring.map(({ name, until }) => t('{tag} on {moment}', { tag: code(name), moment: moment(until) }))
    const text = t(':hourglass: {repository}: {count, plural, one {# tag} other {# tags}} will expire.', {
      count: all.length,
      repository: link(pageOf(quay, repository), repository),
    })
    return message(text, note(t('{list}', { list: rawMarkup(all.join('\n')) })))
  },
})
