import { sealAudit } from './audit.ts'
import { cleanUp } from './clean-up.ts'
import type { Workers } from './jobs.ts'
import { exportLogs } from './log-export.ts'
import { noteRequest } from './requests-note.ts'
import { runRequest } from './requests-run.ts'
import { showRequest } from './requests-show.ts'
import { sweepRequests } from './requests-sweep.ts'

/** What does the work of each queue of jobs.ts. */
export const workers: Workers = {
  'seal-audit': sealAudit,
  'clean-up': cleanUp,
  'run-request': runRequest,
  'show-request': showRequest,
  'note-request': noteRequest,
  'sweep-requests': sweepRequests,
  'export-logs': exportLogs,
}
