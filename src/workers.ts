import { sealAudit } from './audit/audit.ts'
import { cleanUp } from './clean-up.ts'
import { deliver } from './events/deliver.ts'
import { sendDigests } from './events/digest.ts'
import { fanOut } from './events/fan-out.ts'
import { followBuilds } from './events/follow.ts'
import { heal } from './events/heal.ts'
import { reconcile } from './events/reconcile.ts'
import { exportLogs } from './exports/export.ts'
import { showHomes } from './homes/show.ts'
import type { Workers } from './jobs.ts'
import { noteRequest } from './requests/note.ts'
import { runRequest } from './requests/run.ts'
import { showRequest } from './requests/show.ts'
import { sweepRequests } from './requests/sweep.ts'

/** What does the work of each queue of jobs.ts. */
export const workers: Workers = {
  'seal-audit': sealAudit,
  'clean-up': cleanUp,
  'fan-out': fanOut,
  deliver,
  'follow-builds': followBuilds,
  'heal-subscriptions': heal,
  reconcile,
  digest: sendDigests,
  'show-homes': showHomes,
  'run-request': runRequest,
  'show-request': showRequest,
  'note-request': noteRequest,
  'sweep-requests': sweepRequests,
  'export-logs': exportLogs,
}
