// `npm run test:mutants -- src/security/permissions.ts`: changes the code of these files in small ways, one at a time, and runs the
// tests that reach them. Names what no test notices. Without files: all the code that decides who may do what, which takes hours.
// `npm run test:mutants -- --sample 40`: the score of so many changes, drawn in each part of that code, within the hour. What tests
// reach and what was found out stays in the folder .stryker; without it all is found out anew. `--rooms approvals,quay` for some
// parts alone, `--again` tries again what survived, `--workers 3` tests at a time.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { scoreOfSample } from './mutants/sample.ts'

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
const words = process.argv.slice(2)

if (words.includes('--sample')) await scoreOfSample(words)
else process.exitCode = everyMutant()
// What vitest may have left open keeps nobody waiting.
process.exit()

/** Tries every mutant of the files, each in a process of its own, by Stryker. */
function everyMutant(): number {
  const folder = '.stryker'
  const [files, tests] = split(words)
  const config = {
    packageManager: 'npm',
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutants.config.ts', related: true },
    mutate: files.length > 0 ? files : decisive,
    incremental: true,
    incrementalFile: `${folder}/incremental.json`,
    // Its rewriting of tsconfig.json asks the TypeScript of old, which is not here; nothing is compiled, so none is needed.
    tsconfigFile: 'none.json',
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
  // Chosen tests with all their examples; all tests as `npm test` has them, which takes long enough.
  const env = { ...process.env, ...(tests.length > 0 && { FAULTS: 'ci' }), MUTANT_TESTS: tests.join(' ') }
  const { status } = spawnSync('npx', ['stryker', 'run', `${folder}/config.json`], { stdio: 'inherit', env })
  return status ?? 1
}

/** Files to change, and after `--` the tests to run instead of all that reach them. */
function split(given: string[]): [string[], string[]] {
  const at = given.indexOf('--')
  return at < 0 ? [given, []] : [given.slice(0, at), given.slice(at + 1)]
}
