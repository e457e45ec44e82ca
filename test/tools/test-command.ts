import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'

// `npm run test:command repo/count`: all that concerns one command, in seconds. The table and the declarations name it in
// their tests, the comparison with Quay is told which command, and transcripts of its own lie where the command lies. As many
// examples as CI tries: `npm test` leaves some of each command to others.

const [path = '', ...more] = process.argv.slice(2)
if (!existsSync(`src/commands/${path}.ts`)) {
  process.stderr.write(`There is no src/commands/${path}.ts. Say which: npm run test:command repo/create\n`)
  process.exit(1)
}
// A new command has no snapshot yet: it is written, on a machine of CI too.
const update = more.some((one) => /^(?:-u|--update)/.test(one)) ? [] : ['--update=new']
const words = path.replaceAll('/', ' ')
const noun = path.split('/')[0]
const own = globSync([`test/commands/${path}.test.ts`, `test/commands/${path}/*.test.ts`, `test/commands/${noun}.test.ts`])
const named = ['table', 'declarations'].map((name) => `test/commands/${name}.test.ts`)

process.exit(
  vitest(
    ...named,
    'test/core/language.test.ts',
    'test/security/differential.test.ts',
    '-t',
    `^${words}(?::| )|sentence|nobody is allowed`,
  ) || (own.length > 0 ? vitest(...own) : 0),
)

function vitest(...args: string[]) {
  const { status } = spawnSync('vitest', ['run', '--config', 'test/vitest.config.ts', ...update, ...args, ...more], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, FAULTS: process.env.FAULTS ?? 'ci', ONLY_COMMAND: words },
  })
  return status ?? 1
}
