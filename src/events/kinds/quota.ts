import { z } from 'zod'
import { code, message } from '../../slack/blocks.ts'
import { kind, short } from '../kind.ts'

const body = z.object({ usage_percent: z.number().min(0).max(1_000_000), usage_bytes_formatted: short, limit_bytes_formatted: short })

/** A namespace that has used much of its quota, or all of it. */
export const quota = kind({
  group: 'quota',
  events: ['quota_warning', 'quota_error'],
  word: 'quota',
  schema: body,
  isExample: () => false,
  subjects: async (_, { id, object, kind, body, receivedAt }) => [
    {
      subject: `quota ${object} ${id}`,
      at: receivedAt.getTime(),
      tags: [],
      data: { event: kind, percent: Math.round(body.usage_percent), used: body.usage_bytes_formatted, limit: body.limit_bytes_formatted },
    },
  ],
  draw: async (_, { object, data }, t) => {
    const { event, percent, used, limit } = data as { event: string; percent: number; used: string; limit: string } // subjects() wrote it
    const values = { namespace: code(object ?? ''), percent, used, limit }
    return message(
      event === 'quota_error'
        ? t(':no_entry: {namespace} has used up its quota: {used} of {limit} ({percent, number} %). Pushes may be refused.', values)
        : t(':warning: {namespace} has used {percent, number} % of its quota: {used} of {limit}.', values),
    )
  },
})
