import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Command, command } from '../../src/command/command.ts'
import { commands } from '../../src/command/registry.ts'
import { Failure } from '../../src/core/failure.ts'
import { audit, recent } from '../../src/db/schema.ts'
import { message } from '../../src/slack/blocks.ts'
import { execute } from '../../src/surfaces/execute.ts'
import type { Entry, Outcome } from '../../src/surfaces/outcome.ts'
import { startBot } from '../start-bot.ts'

const rule = (more: object) => ({
  name: 'decided',
  namespaces: undefined,
  ask: 'without-right',
  requesters: ['everyone'],
  approvers: ['U0DORA'],
  ...more,
})
const { bot } = await startBot({ until: afterAll, policy: { approvals: [] } })
const kept = bot.policy.approvals
afterEach(() => {
  bot.policy.approvals = kept
  commands.delete('decided it')
})

let ran: unknown[] = []
const declared = (more: object = {}) =>
  command({
    summary: 'Decide',
    input: z.strictObject({ repository: z.string().meta({ of: 'repository' }) }),
    examples: [],
    permissions: [{ permission: 'admin', on: 'repository' }],
    run: async ({ input }) => {
      ran.push(input)
      return { ran: ran.length }
    },
    view: () => message('done'),
    ...more,
  } as Command<z.ZodObject, unknown, unknown>) as unknown as Command
const changes = { effects: ['destroys'], facts: { none: 'nothing' }, retry: 'idempotent' }
const runs = (one: Command, more: Partial<Entry> = {}): Promise<Outcome> => {
  ran = []
  commands.set('decided it', one)
  const reference = randomUUID().slice(0, 8)
  const given = { repository: 'acme/api' }
  return execute(bot, { name: 'decided it', given, user: 'U0BEA', key: reference, reference, log: bot.log, ...more })
}
const audited = async (reference: string) =>
  (await bot.db.select().from(audit).where(eq(audit.reference, reference)).orderBy(audit.id)).map(({ phase }) => phase)

describe('what becomes of a command', () => {
  test('read: it runs, is written down, and is remembered; for a tool it is not, and says whether there is more', async () => {
    expect(await runs(declared(), { reference: 'read-1' })).toMatchObject({ state: 'done', result: { ran: 1 }, steps: [], page: undefined })
    expect(await audited('read-1')).toEqual(['finished'])
    const remembered = () => bot.db.$count(recent, eq(recent.operation, 'decided it'))
    expect(await remembered()).toBe(1)
    await bot.db.delete(recent)
    const paged = (next?: string) => declared({ run: async () => ({ entries: [], next }) })
    expect(await runs(paged('x'), { tool: true })).toMatchObject({ more: true })
    expect(await runs(paged(), { tool: true })).toMatchObject({ more: false })
    expect(await runs(declared(), { tool: true })).toMatchObject({ more: false })
    expect(await remembered()).toBe(0)
  })

  test('a change: begun, done, written down; the same key once more is the first outcome', async () => {
    const one = declared({ changes })
    expect(await runs(one, { reference: 'change-1', key: 'k1' })).toMatchObject({
      state: 'done',
      result: { ran: 1 },
      begun: { references: ['change-1'] },
    })
    expect(await audited('change-1')).toEqual(['started', 'finished'])
    expect(await runs(one, { reference: 'change-2', key: 'k1' })).toMatchObject({ state: 'done', result: { ran: 1 } })
    expect(ran).toEqual([])
  })

  test('a change that fails is written down as failed, and its second arrival hears the same', async () => {
    const one = declared({
      changes,
      run: async () => {
        throw new Failure('conflict', 'No such luck.')
      },
    })
    await expect(runs(one, { reference: 'fails-1', key: 'k2' })).rejects.toMatchObject({ message: 'No such luck.' })
    expect(await audited('fails-1')).toEqual(['started', 'failed'])
    await expect(runs(one, { key: 'k2' })).rejects.toMatchObject({ code: 'conflict', message: 'No such luck.' })
    const bug = declared({ changes, run: () => Promise.reject(new TypeError('a bug')) })
    await expect(runs(bug, { key: 'k3', reference: 'bug-1' })).rejects.toThrow('a bug')
    await expect(runs(bug, { key: 'k3' })).rejects.toMatchObject({ sentence: { values: { reference: 'bug-1' } } })
  })

  test('late: a change is not run, what reads and what is tried dry is', async () => {
    await expect(runs(declared({ changes }), { late: true })).rejects.toMatchObject({
      message: expect.stringContaining('five minutes late'),
    })
    expect(ran).toEqual([])
    expect(await runs(declared(), { late: true })).toMatchObject({ state: 'done' })
    expect(await runs(declared({ changes }), { late: true, dryRun: true })).toMatchObject({ state: 'planned' })
  })

  test('dry: only what would be called is said; of what reads it is run', async () => {
    expect(await runs(declared({ changes }), { dryRun: true, reference: 'dry-1' })).toMatchObject({
      state: 'planned',
      calls: [],
      ruling: { verdict: 'run' },
    })
    expect(await audited('dry-1')).toEqual(['finished'])
    expect(await runs(declared(), { dryRun: true })).toMatchObject({ state: 'done' })
  })

  test('a preview is shown until what it shows was confirmed, and again when that has changed', async () => {
    let facts: object | undefined = { a: 1 }
    const one = declared({ changes, preview: { read: async () => facts, view: () => message('x') } })
    expect(await runs(one)).toMatchObject({ state: 'preview', facts: { a: 1 }, changed: false })
    expect(await runs(one, { confirmed: { facts: { a: 2 }, are: 'all' } })).toMatchObject({ state: 'preview', changed: true })
    expect(ran).toEqual([])
    expect(await runs(one, { confirmed: { facts: { a: 1 }, are: 'all' } })).toMatchObject({ state: 'done' })
    facts = { a: 1, b: 2 }
    expect(await runs(one, { confirmed: { facts: { a: 1 }, are: 'all' } })).toMatchObject({ state: 'preview', changed: true })
    expect(await runs(one, { confirmed: { facts: { a: 1 }, are: 'some' } })).toMatchObject({ state: 'done' })
    facts = undefined
    expect(await runs(one)).toMatchObject({ state: 'done' })
    facts = { a: 1 }
    expect(await runs(one, { prepared: { facts: {} as never } })).toMatchObject({ state: expect.stringMatching(/done|prepared/) })
  })

  test('a tool prepares a change, and what it may not do on the way is refused then', async () => {
    expect(await runs(declared({ changes }), { tool: true })).toMatchObject({ state: 'prepared', changed: false })
    const denied = (code: 'denied' | 'conflict') => declared({ changes, run: () => Promise.reject(new Failure(code, 'Not this.')) })
    await expect(runs(denied('denied'), { tool: true })).rejects.toMatchObject({ message: 'Not this.' })
    expect(await runs(denied('conflict'), { tool: true })).toMatchObject({ state: 'prepared' })
    bot.policy.approvals = [rule({ effects: ['destroys'], ask: 'always' })] as never
    expect(await runs(denied('denied'), { tool: true })).toMatchObject({ state: 'prepared', ruling: { verdict: 'ask' } })
  })

  test('pressed, a prepared change runs if nothing has changed, and is shown again if it has', async () => {
    const prepared = await runs(declared({ changes }), { tool: true })
    if (prepared.state !== 'prepared') throw new Error(prepared.state)
    const same = { prepared: { facts: prepared.facts } }
    expect(await runs(declared({ changes }), same)).toMatchObject({ state: 'done' })
    expect(await runs(declared({ changes }), { prepared: { facts: { other: 1 } as never } })).toMatchObject({
      state: 'prepared',
      changed: true,
    })
    expect(ran).toEqual([])
    bot.policy.approvals = [rule({ effects: ['destroys'], ask: 'always' })] as never
    expect(await runs(declared({ changes }), same)).toMatchObject({ state: 'offered' })
  })
})

describe('who may', () => {
  const alice = { user: 'U0ALICE' }
  test('without the permission it is refused, and that is written down', async () => {
    await expect(runs(declared({ changes }), { ...alice, reference: 'refused-1' })).rejects.toMatchObject({ code: 'denied' })
    expect(await audited('refused-1')).toEqual(['refused'])
    await expect(runs(declared(), { ...alice, reference: 'refused-2' })).rejects.toMatchObject({ code: 'denied' })
    expect(ran).toEqual([])
  })

  test('unless it is about something of theirs', async () => {
    expect(await runs(declared({ changes, mayAlways: async () => true }), alice)).toMatchObject({ state: 'done' })
    await expect(runs(declared({ changes, mayAlways: async () => false }), alice)).rejects.toMatchObject({ code: 'denied' })
  })

  test('a rule offers a request to who may not, and to everybody where it always asks', async () => {
    bot.policy.approvals = [rule({ effects: ['destroys'] })] as never
    expect(await runs(declared({ changes }), { ...alice, reference: 'offer-1' })).toMatchObject({
      state: 'offered',
      refused: { code: 'denied' },
      reason: undefined,
    })
    expect(await audited('offer-1')).toEqual(['refused'])
    expect(await runs(declared({ changes }))).toMatchObject({ state: 'done' })
    expect(await runs(declared({ changes }), { ...alice, dryRun: true })).toMatchObject({ state: 'planned', calls: undefined })
    expect(await runs(declared({ changes }), { ...alice, tool: true })).toMatchObject({ state: 'prepared', facts: null })
    bot.policy.approvals = [rule({ effects: ['destroys'], ask: 'always' })] as never
    expect(await runs(declared({ changes }))).toMatchObject({ state: 'offered', refused: undefined })
    await expect(runs(declared({ changes }), { late: true })).rejects.toMatchObject({
      message: expect.stringContaining('five minutes late'),
    })
    bot.policy.approvals = [rule({ effects: ['destroys'], requesters: ['U0DORA'] })] as never
    await expect(runs(declared({ changes }), alice)).rejects.toMatchObject({ code: 'denied' })
  })

  test('a plan goes on with the rights of its next step, and not where the policy asks by now', async () => {
    const begun = { at: bot.clock(), references: [] }
    const checked: unknown[] = []
    const step = {
      name: { message: 'Step', values: {} },
      permissions: [{ permission: 'write', on: 'repository', object: 'acme/api' }],
      run: async () => ({}),
    }
    const after = { steps: () => [step], checkObject: async (_: unknown, result: unknown) => void checked.push(result) }
    const from = { step: 1, result: { ran: 7 }, begun }
    const one = declared({ changes, after })
    expect(await runs(one, { from })).toMatchObject({ state: 'done', result: { ran: 7 }, begun: { at: begun.at } })
    expect(checked).toEqual([{ ran: 7 }])
    expect(ran).toEqual([])
    bot.policy.approvals = [rule({ effects: ['destroys'], ask: 'always' })] as never
    await expect(runs(one, { from, reference: 'rest-1' })).rejects.toMatchObject({ message: expect.stringContaining('now needs approval') })
    expect(await audited('rest-1')).toEqual(['refused'])
    bot.policy.approvals = kept
    const another = declared({ changes, after: { ...after, checkObject: () => Promise.reject(new Failure('conflict', 'It is another.')) } })
    await expect(runs(another, { from, reference: 'other-1' })).rejects.toMatchObject({ message: 'It is another.' })
    expect(await audited('other-1')).toEqual(['refused'])
  })

  test('a short id is looked up for who may not only where they may read, and that is of builds', async () => {
    bot.policy.approvals = [rule({ effects: ['destroys'] })] as never
    const repository = z.string().meta({ of: 'repository' })
    const id = (identifies: 'build' | 'prune-policy') => z.string().meta({ identifies, in: 'repository' })
    const ofBuild = declared({ changes, input: z.strictObject({ repository, build: id('build') }) })
    const ofPolicy = declared({ changes, input: z.strictObject({ repository, policy: id('prune-policy') }) })
    // Nothing begins with it, so it stays as it is.
    expect(await runs(ofBuild, { ...alice, given: { repository: 'acme/api', build: 'abc123' } })).toMatchObject({
      state: 'offered',
      input: { build: 'abc123' },
    })
    await expect(runs(ofPolicy, { ...alice, given: { repository: 'acme/api', policy: 'abc123' } })).rejects.toMatchObject({
      code: 'denied',
    })
  })

  test('a command that nobody declared is a bug', async () => {
    await expect(execute(bot, { name: 'no such', given: {}, user: 'U0ALICE', key: 'k', reference: 'r', log: bot.log })).rejects.toThrow(
      'There is no command',
    )
  })
})
