import { sealAudit } from './audit.ts'
import { cleanUp } from './clean-up.ts'
import type { Workers } from './jobs.ts'
import { exportLogs } from './log-export.ts'

/** What does the work of each queue of jobs.ts. */
export const workers: Workers = {
  'seal-audit': sealAudit,
  'clean-up': cleanUp,
  'export-logs': exportLogs,
}
