import { statfsSync } from 'node:fs'
import { Failure } from './failure.ts'

// A database needs this much to start; without it, PGlite only reports “Aborted()”.
const enough = 32 * 1024 * 1024

/** The Failure for a full or read-only disk under DATA_DIR. Undefined for every other error. */
export function diskProblem(error: unknown, directory: string): Failure | undefined {
  const { code = '', errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown } // the errors of Node and node:sqlite
  const isClosed = ['EROFS', 'EACCES', 'EPERM'].includes(String(code)) || errcode === sqlite.readOnly || errcode === sqlite.cannotOpen
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || errcode === sqlite.full
  if (isFull || (!isClosed && isAlmostFull(directory))) return full(directory, error)
  if (!isClosed) return undefined
  return new Failure(
    'conflict',
    'Quaymaster can’t write to {directory}: it is read-only or belongs to another user. Make it writable, or set DATA_DIR to another directory.',
    { directory },
    { cause: error },
  )
}

const sqlite = { readOnly: 8, full: 13, cannotOpen: 14 }

function full(directory: string, cause: unknown) {
  return new Failure(
    'conflict',
    'The disk of {directory} is full. Free space there, or set DATA_DIR to another directory.',
    { directory },
    { cause },
  )
}

/** Whether so little is free that a database there must not write any more. False where that cannot be found out. */
export function isAlmostFull(directory: string) {
  try {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize < enough
  } catch {
    return false
  }
}
