import { BaseSequencer, type TestSpecification } from 'vitest/node'

// They wait for real time to pass, or for processes that are killed and started again; those that wait longest first.
const waiting = [
  'approvals/kill',
  'access/storm',
  'surfaces/database-away',
  'approvals/lease',
  'notifications/storm',
  'db/directory',
  'quay/fairness',
  'app/policy-reload',
  'commands/rate-four',
  'surfaces/rate-four',
  'access/grants',
  'db/faults',
  'surfaces/slackbot/each-tool',
  'npm-start',
  'app/proxy',
  'tools/new-command',
  'app/start',
  'surfaces/people-and-words',
  'surfaces/permanent-troubles',
  'notifications/losses',
  'notifications/ledger',
  'surfaces/home-decides',
  'app/replicas',
  'security/audit-of-commands',
]

// The rest of the run is for what only works.
const spread = 0.6

/**
 * Spreads the files that wait over most of the run: when all processes wait at once, the processors do nothing, and one that begins
 * last is all that runs in the end. The others: the larger ones first, or those that took longer the last time.
 */
export class SpreadWaits extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    const waits = waiting.flatMap((name) => sorted.filter(({ moduleId }) => moduleId.endsWith(`test/${name}.test.ts`)))
    const others = sorted.filter((file) => !waits.includes(file))
    const between = Math.floor((others.length * spread) / (waits.length + 1))
    return [...waits.flatMap((file) => [file, ...others.splice(0, between)]), ...others]
  }
}
