import { createReadStream } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import type { Head } from './audit-seal.ts'

const line = z.object({ position: z.number().int().positive(), seal: z.string() })

/** Appends a hash of the chain to the operator's file as a line of JSON. Does nothing without a file; throws the error of writing. */
export async function keepHead(file: string | undefined, { position, seal }: Head): Promise<void> {
  if (file !== undefined) await appendFile(file, `${JSON.stringify({ position, seal })}\n`, { mode: 0o600 })
}

/**
 * The hashes in the operator's file from a position on, in order; none if no file is set. A line cut short by a crash is skipped.
 * Throws `conflict` if the file cannot be read.
 */
export async function keptHeads(file: string | undefined, from = 0): Promise<Head[]> {
  if (file === undefined) return []
  const heads: Head[] = []
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  try {
    for await (const text of lines) {
      const head = headIn(text)
      if (head && head.position >= from) heads.push(head)
    }
  } catch (cause) {
    // The file does not exist before the first write.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [] // streams throw nothing else
    throw new Failure('conflict', 'AUDIT_HEADS_FILE can’t be read. An operator must check it.', {}, { cause })
  }
  return heads
}

function headIn(text: string): Head | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
