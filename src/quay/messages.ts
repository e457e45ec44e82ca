import { z } from 'zod'
import { call, done } from './http.ts'
import type { Quay } from './registry.ts'
import { type Word, word } from './word.ts'

export type Severity = 'info' | 'warning' | 'error'

/** What Quay shows to everybody on every page. */
export interface GlobalMessage {
  id: string
  content: string
  severity: Word<Severity>
  format: 'text' | 'markdown'
}

const message = z
  .object({ uuid: z.string(), content: z.string(), severity: word<Severity>(), media_type: z.string() })
  .transform(({ uuid, content, severity, media_type }): GlobalMessage => {
    return { id: uuid, content, severity, format: media_type === 'text/markdown' ? 'markdown' : 'text' }
  })

/** The messages that everybody sees at the top of Quay’s pages. */
export async function listMessages(quay: Quay): Promise<GlobalMessage[]> {
  return (await call(quay, { method: 'GET', path: '/messages', response: z.object({ messages: z.array(message) }) })).messages
}

/** Quay answers nothing, not even the id. */
export async function createMessage(quay: Quay, { content, severity, format }: Omit<GlobalMessage, 'id'>): Promise<void> {
  const body = { message: { content, severity, media_type: format === 'markdown' ? 'text/markdown' : 'text/plain' } }
  await call(quay, { method: 'POST', path: '/messages', body, assume: undefined, response: done })
}

/** Not found: there is none. */
export async function deleteMessage(quay: Quay, id: string): Promise<void> {
  await call(quay, { method: 'DELETE', path: '/message/{uuid}', params: { uuid: id }, assume: undefined, response: done })
}
