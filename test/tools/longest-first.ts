import { BaseSequencer, type TestSpecification } from 'vitest/node'

// They wait for processes that are killed and started again. Begun last, one of them is all that runs in the end.
const longest = [
  'access/storm',
  'approvals/kill',
  'approvals/lease',
  'app/tools',
  'notifications/storm',
  'commands/rate-four',
  'db/directory',
  'quay/fairness',
  'npm-start',
  'app/proxy',
  'db/migrations',
  'tools/new-command',
]

/** The files that take longest begin first; of the others the larger ones, or as long as they took the last time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => longest.some((name) => moduleId.endsWith(`test/${name}.test.ts`))
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
