import type { Workers } from './jobs.ts'

/** What does the work of each queue of jobs.ts. */
export const workers: Workers = {
  'seal-audit': async () => undefined,
  'clean-up': async () => undefined,
}
