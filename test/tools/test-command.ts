import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'

// `npm run test:command repo/count`: all that concerns one command. The table and the declarations name it in their tests,
// and transcripts of its own lie where the command lies.

const [path = '', ...more] = process.argv.slice(2)
if (!existsSync(`src/commands/${path}.ts`)) {
  process.stderr.write(`There is no src/commands/${path}.ts. Say which: npm run test:command repo/create\n`)
  process.exit(1)
}
const words = path.replaceAll('/', ' ')
const own = globSync(`test/commands/${path}*.test.ts`)
const shared = ['test/commands/table.test.ts', 'test/commands/declarations.test.ts']

const run = (...args: string[]) =>
  spawnSync('vitest', ['run', '--config', 'test/vitest.config.ts', ...args, ...more], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  }).status ?? 1

const named = run(...shared, '-t', `^${words}(?::| )`)
const transcripts = own.length > 0 ? run(...own) : 0
process.exit(named || transcripts)
