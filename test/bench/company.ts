import { startPostgres } from '../db/start-postgres.ts'
import type { Line } from './company/figure.ts'
import { figures } from './company/figures.ts'

// What a company of 3,000 people costs at Quay's default rate: 300 organizations, 20,000 repositories, 500 channels, the real bot on
// PostgreSQL, Slack and Quay in a process of their own. `npm run bench:company` measures all, `-- newcomer ready` only these.

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(figures, name))
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}; there are ${Object.keys(figures).join(', ')}.\n`)
  process.exit(1)
}
const limit = 10 * 60_000

function within<Value>(work: Promise<Value>): Promise<Value> {
  const timer = Promise.withResolvers<never>()
  const timeout = setTimeout(() => timer.reject(new Error('took longer than ten minutes')), limit)
  return Promise.race([work, timer.promise]).finally(() => clearTimeout(timeout))
}

const print = ({ figure, measured, aim }: Line) => void process.stdout.write(`| ${figure} | ${measured} | ${aim} |\n`)

const postgres = await startPostgres()
process.stdout.write('| figure | measured | aim |\n|---|---|---|\n')
for (const [name, measure] of Object.entries(figures)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  // One that fails says so in its line, and the others are still measured.
  const lines = await within(measure(postgres.database)).catch((error: unknown) => [
    { figure: name, measured: String(error).replaceAll('\n', ' '), aim: 'a figure' },
  ])
  lines.forEach(print)
}
await postgres.stop()
process.exit(0)
