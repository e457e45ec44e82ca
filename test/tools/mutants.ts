// `npm run test:mutants -- src/security/permissions.ts`: changes the code of these files in small ways, one at a time, and runs the
// tests that reach them. Names what no test notices. Without files: all the code that decides who may do what, which takes hours.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'

const decisive = [
  'src/security/**/*.ts',
  'src/approvals/**/*.ts',
  'src/core/policy.ts',
  'src/command/{authorize,idempotency,run-with-retry,steps,resume,sealed-input}.ts',
  'src/notifications/**/*.ts',
  'src/slack/**/*.ts',
  'src/quay/{http,answer,refusal,retry,budget,fair-line,bucket}.ts',
  'src/surfaces/{execute,run-change,run-pressed}.ts',
  'src/surfaces/secrets/*.ts',
]
const folder = '.stryker'
const [files, tests] = split(process.argv.slice(2))
const config = {
  packageManager: 'npm',
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutants.config.ts', related: true },
  mutate: files.length > 0 ? files : decisive,
  incremental: true,
  incrementalFile: `${folder}/incremental.json`,
  tempDirName: `${folder}/work`,
  ignorePatterns: ['/.stryker', '/docs', '/.ci'],
  concurrency: 2,
  // What only words and logs differ by is no decision.
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral'] },
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `${folder}/mutants.json` },
  thresholds: { high: 95, low: 85, break: 85 },
  timeoutMS: 60_000,
}
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}/config.json`, JSON.stringify(config, null, 2))
const env = { ...process.env, MUTANT_TESTS: tests.join(' ') }
const { status } = spawnSync('npx', ['stryker', 'run', `${folder}/config.json`], { stdio: 'inherit', env })
process.exit(status ?? 1)

/** Files to change, and after `--` the tests to run instead of all that reach them. */
function split(words: string[]): [string[], string[]] {
  const at = words.indexOf('--')
  return at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)]
}
