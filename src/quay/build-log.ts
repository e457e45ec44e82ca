import { setImmediate as aTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from 'zod'
import { credential } from '../core/credential.ts'
import { storableValue } from '../core/foreign-text.ts'
import { isoOf } from './dates.ts'
import { call, download } from './http.ts'
import { objectsInSlices } from './parse-in-slices.ts'
import { unavailable } from './refusal.ts'
import type { Quay } from './registry.ts'

export interface BuildLogEntry {
  message: string
  /** `phase`: the message is the phase that begins; `command`: a line of the Dockerfile; `error`: why it failed; `output`: the rest. */
  kind: 'phase' | 'command' | 'error' | 'output'
  /** ISO; output has no time. */
  at: string | undefined
}

export interface BuildLog {
  entries: BuildLogEntry[]
  /** The number of the first of these entries, and of all there are so far. */
  start: number
  total: number
}

const entry = z
  .object({ message: z.string().nullish(), type: z.string().nullish(), data: z.object({ datetime: z.string().nullish() }).nullish() })
  .transform(({ message, type, data }): BuildLogEntry => ({ message: message ?? '', kind: kindOf(type), at: isoOf(data?.datetime) }))

function kindOf(type: string | null | undefined): BuildLogEntry['kind'] {
  return type === 'phase' || type === 'command' || type === 'error' ? type : 'output'
}

const log = z.object({ start: z.number().default(0), total: z.number().nullish(), logs: z.array(entry) })

/**
 * The log from entry `start` on: of a running build all there is so far. Not found: no such build. Conflict: the log was archived
 * where only Quay's own pages can show it.
 */
export async function readBuildLog(quay: Quay, repository: string, id: string, start = 0): Promise<BuildLog> {
  const answer = await call(quay, {
    method: 'GET',
    path: '/repository/{repository}/build/{build_uuid}/logs',
    params: { repository, build_uuid: id },
    query: { start },
    // An archived log is an address alone, which opens it for anybody.
    response: z.object({ logs_url: credential() }).or(log),
  })
  if ('logs' in answer) return { entries: answer.logs, start: answer.start, total: answer.total ?? answer.start + answer.logs.length }
  const entries = await entriesOf(await unpacked(quay, await download(quay, answer.logs_url)))
  return { entries: entries.slice(start), start, total: entries.length }
}

/** Up to 50 MB: read a piece at a time, so that nobody else waits for it. */
async function entriesOf(bytes: Buffer) {
  const found = await objectsInSlices(bytes, 'logs')
  if (!found) throw unavailable({ text: 'the archived log is none' })
  const entries: BuildLogEntry[] = []
  for (const [index, one] of found.entries()) {
    const read = entry.safeParse(storableValue(one))
    if (!read.success) throw unavailable({ text: 'the archived log is none' })
    entries.push(read.data)
    if (index % 5_000 === 4_999) await aTurn()
  }
  return entries
}

/** Quay archives logs packed, and some storages unpack them on the way. */
async function unpacked(quay: Quay, bytes: Buffer) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: quay.limits.archive })
  } catch {
    throw unavailable({ text: 'the archived log is too long or broken' })
  }
}
