import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { Failure, logged } from '../../src/core/failure.ts'
import { openLog } from '../../src/core/log.ts'
import { DatabaseError } from '../../src/db/errors.ts'
import { events } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'

function written(work: (log: ReturnType<typeof openLog>) => void) {
  const lines: string[] = []
  work(openLog({ LOG_LEVEL: 'trace' }, { write: (line) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line))
}

test.each(['err', 'error', 'cause', 'reason', 'anything'])(
  'an error is in the log under the name %s, with its cause and where it came from',
  (name) => {
    const error = new Error('outside', { cause: new TypeError('inside') })
    const [line] = written((log) => log.error({ [name]: error }, 'it failed'))
    expect(line).toMatchObject({ [name]: { type: 'Error', message: 'outside', cause: { type: 'TypeError', message: 'inside' } } })
    expect(line[name].stack).toContain('log.test.ts')
    expect(line[name].cause.stack).toContain('log.test.ts')
  },
)

test('so is one deep in something else, one in a child of the log, one alone, one of several, and the cause of a failure', () => {
  const [deep, child, alone, several, failure] = written((log) => {
    log.warn({ job: { tries: [{ failed: new Error('deep') }] } })
    log.child({ last: new Error('of the child') }).warn('x')
    log.error(new Error('alone'))
    log.error({ err: new AggregateError([new Error('one of two')], 'several') })
    log.error(logged(new Failure('unavailable', 'It failed.', {}, { cause: new Error('why') })), 'x')
  })
  expect(deep).toMatchObject({ job: { tries: [{ failed: { message: 'deep' } }] } })
  expect(child).toMatchObject({ last: { message: 'of the child' } })
  expect(alone).toMatchObject({ err: { message: 'alone' }, msg: 'alone' })
  expect(several).toMatchObject({ err: { errors: [{ message: 'one of two' }] } })
  expect(failure).toMatchObject({ said: 'It failed.', cause: { message: 'why' } })
})

test('an error whose cause is itself ends', () => {
  const error = new Error('round and round')
  error.cause = { again: error }
  expect(written((log) => log.error({ error }))).toHaveLength(1)
})

test('a failing statement: its name and why it failed are in the log, what it was given is not', async () => {
  const { bot } = await startBot()
  const secret = 'Canary-parameter-5d1e'
  const failures = await Promise.all(
    [
      bot.db.execute(sql`insert into events (id, object) values (${secret}, ${secret})`),
      bot.db.execute(`select '${secret}'::uuid`),
      bot.db
        .select()
        .from(events)
        .where(eq(events.key, `${secret}\u0000`)),
    ].map((query) =>
      Promise.resolve(query).then(
        () => undefined,
        (error: unknown) => error,
      ),
    ),
  )
  expect(failures.filter((one) => one instanceof Error)).toHaveLength(3)
  expect(failures.some((one) => one instanceof DatabaseError)).toBe(true)
  const lines = written((log) => {
    for (const error of failures) {
      log.error({ err: error })
      log.warn({ reason: String(error) }, `it failed: ${String(error)}`)
      log.error({ cause: { of: error } })
    }
  })
  expect(JSON.stringify(lines)).not.toContain(secret)
  expect(JSON.stringify(lines)).toContain('The database refuses select events')
  expect(JSON.stringify(lines)).toMatch(/22P02|invalid input syntax/)
})
