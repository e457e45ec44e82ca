import { endAccess } from '../approvals/access/end-due.ts'
import { publishRequest } from '../approvals/publish-card.ts'
import { runRequest } from '../approvals/run.ts'
import { sweepRequests } from '../approvals/sweep.ts'
import { noteRequest } from '../approvals/thread-notes.ts'
import { followBuilds } from '../notifications/builds/poll.ts'
import { deliver } from '../notifications/deliver.ts'
import { sendDigests } from '../notifications/digest.ts'
import { fanOut } from '../notifications/fan-out.ts'
import { sendPosts } from '../notifications/outbox.ts'
import { goRounds } from '../notifications/owner-rounds.ts'
import { reconcile } from '../notifications/webhook-reconcile.ts'
import { sealAudit } from '../security/audit-log.ts'
import { refreshDirectory } from '../security/directory/pass.ts'
import { showHomes } from '../surfaces/home/publish.ts'
import { exportLogs } from '../surfaces/log-export/job.ts'
import { endOrphans } from '../surfaces/orphans.ts'
import type { Workers } from './jobs.ts'
import { applyRetention } from './retention.ts'

/** The worker of each queue. */
export const workers: Workers = {
  'seal-audit': sealAudit,
  'clean-up': applyRetention,
  'fan-out': fanOut,
  deliver,
  'follow-builds': followBuilds,
  'heal-subscriptions': goRounds,
  reconcile,
  directory: refreshDirectory,
  digest: sendDigests,
  'show-homes': showHomes,
  'send-posts': sendPosts,
  'run-request': runRequest,
  'show-request': publishRequest,
  'note-request': noteRequest,
  'sweep-requests': sweepRequests,
  'end-access': endAccess,
  'end-orphans': (bot) => endOrphans(bot),
  'export-logs': exportLogs,
}
