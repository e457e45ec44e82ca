import { globSync } from 'node:fs'

/** The code that decides who may do what, in the parts that docs/mutants.md speaks of. */
export const rooms: Record<string, string[]> = {
  security: ['src/security/**/*.ts'],
  policy: ['src/core/policy.ts', 'src/command/{authorize,idempotency,run-with-retry,steps,resume,sealed-input}.ts'],
  approvals: ['src/approvals/*.ts', 'src/approvals/{delegation,talk}/*.ts'],
  access: ['src/approvals/access/**/*.ts'],
  notifications: ['src/notifications/**/*.ts'],
  quay: ['src/quay/{http,answer,refusal,retry,budget,fair-line,bucket}.ts'],
  surfaces: ['src/surfaces/{execute,run-change,run-pressed}.ts', 'src/surfaces/secrets/*.ts'],
  slack: ['src/slack/**/*.ts', 'src/app/{slack-app,slack-door,slack-events,http,button-router}.ts'],
}

/** Bots there run in processes of their own, which know no mutant, or nothing of the rooms is tried, or it takes minutes. */
const left =
  /browser|pgbouncer|bench|deployment|tools\/|kill|storm|company|upgrade|npm-start|install-scripts|seed-tour|fresh|postgres-start|disk|plans|architecture|docs\.|troubleshooting|language|japanese|wording|expressions|every-quay|proxy|start\.test|sandbox\/|quiet-clients|idle-queries|big-log|measure|fuzz/

/** Files of a room, as paths from the project's root. */
export function filesOf(patterns: string[]): string[] {
  return globSync(patterns).sort()
}

/** Files of tests in which a mutant can be tried. */
export function testFiles(): string[] {
  return globSync('test/**/*.test.ts')
    .filter((file) => !left.test(file))
    .sort()
}
