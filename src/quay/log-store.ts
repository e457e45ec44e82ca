import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { quayAnswer } from './http.ts'

// Where usage logs go to Splunk, Quay cannot read them (501), or answers well with nothing in it and says so beside it.

/** The fields beside a page of logs that say that the page is no answer. */
export const unreadable = { search_unavailable: z.boolean().optional(), message: z.string().optional() }

/** Reads usage logs. Conflict: Quay keeps them where it cannot read them; an empty log is another answer. */
export async function readable<Read extends { search_unavailable?: boolean | undefined; message?: string | undefined }>(
  ask: () => Promise<Read>,
): Promise<Read> {
  const read = await ask().catch((error: unknown) => {
    throw quayAnswer(error)?.status === 501 ? notReadable(error) : error
  })
  if (read.search_unavailable) throw notReadable(read.message)
  return read
}

function notReadable(cause: unknown) {
  return new Failure(
    'conflict',
    'Quay sends its usage logs to another system and can’t read them here. Look for them in that system.',
    {},
    { cause },
  )
}
