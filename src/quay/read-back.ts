import type { Quay } from './registry.ts'

/**
 * What Quay has after a change, read anew: it answers "Updated" also to what it cuts, or does not know. In a dry run, where nothing
 * was changed, what was wanted.
 */
export async function readBack<Stored>(quay: Quay, wanted: Stored, read: () => Promise<Stored>): Promise<Stored> {
  return quay.dryRunCalls ? wanted : read()
}
