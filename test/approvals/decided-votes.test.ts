import { expect, test } from 'vitest'
import { allowDelegation, lacksRight, neededBy } from '../../src/approvals/approvers.ts'
import { checkReason } from '../../src/approvals/create.ts'
import { countAsOne, isEnough, type Standing } from '../../src/approvals/enough.ts'
import { changeOf } from '../../src/approvals/facts.ts'
import { requesterOf, revisionOf, rowOf } from '../../src/approvals/request.ts'
import { nextDue } from '../../src/approvals/sweep.ts'
import { Failure } from '../../src/core/failure.ts'
import { at, hour, requestOf, ruleOf } from './made-up.ts'

// When votes are enough, what a reason must be, when a request is looked at next, and what counts as a change: by functions alone.

const stands = (
  account: string,
  { entitled = true, one, behalf }: { entitled?: boolean; one?: string; behalf?: string } = {},
): Standing => ({
  person: { account, one },
  entitled,
  ...(behalf !== undefined && { behalf: { account: behalf, one: `one ${behalf}` } }),
})

test.each([
  ['nobody', [], 1, false],
  ['one with the permission', [stands('bea')], 1, true],
  ['one without it', [stands('bea', { entitled: false })], 1, false],
  ['two, of whom one has it', [stands('bea', { entitled: false }), stands('carl')], 2, true],
  ['two, of whom none has it', [stands('bea', { entitled: false }), stands('carl', { entitled: false })], 2, false],
  ['one of two', [stands('bea')], 2, false],
  ['the same account twice', [stands('bea'), stands('bea')], 2, false],
  ['two accounts of one person', [stands('bea', { one: 'W1' }), stands('root', { one: 'W1' })], 2, false],
  ['two people', [stands('bea', { one: 'W1' }), stands('carl', { one: 'W2' })], 2, true],
  ['for an approver who voted too', [stands('bea'), stands('carl', { behalf: 'bea' })], 2, false],
  ['for an approver who did not', [stands('bea'), stands('carl', { behalf: 'dora' })], 2, true],
  ['twice for the same', [stands('bea', { behalf: 'dora' }), stands('carl', { behalf: 'dora' })], 2, false],
  ['for the other’s person', [stands('root', { one: 'one dora' }), stands('carl', { behalf: 'dora' })], 2, false],
  ['three, two of them as one', [stands('bea'), stands('carl', { behalf: 'bea' }), stands('dora')], 3, false],
  ['three, two of them as one, for two', [stands('bea'), stands('carl', { behalf: 'bea' }), stands('dora')], 2, true],
  ['the first is one with both others', [stands('carl', { behalf: 'bea' }), stands('bea'), stands('carl2', { one: 'W3' })], 2, true],
  ['none needed', [stands('bea')], 0, true],
] as [string, Standing[], number, boolean][])('%s: enough for %3$s? %4$s', (_, standings, needed, is) => {
  expect(isEnough(standings, needed)).toBe(is)
  expect(isEnough(standings.toReversed(), needed)).toBe(is)
})

test('a pair of accounts counts as one, whichever way round, and no other does', () => {
  const pairs: [string, string][] = [['bea', 'carl']]
  expect(countAsOne(stands('bea'), stands('carl'), pairs)).toBe(true)
  expect(countAsOne(stands('carl'), stands('bea'), pairs)).toBe(true)
  expect(countAsOne(stands('bea'), stands('dora'), pairs)).toBe(false)
  expect(countAsOne(stands('dora'), stands('carl'), pairs)).toBe(false)
  expect(countAsOne(stands('bea'), stands('carl'))).toBe(false)
  expect(isEnough([stands('bea'), stands('carl')], 2, pairs)).toBe(false)
  expect(isEnough([stands('bea'), stands('carl'), stands('dora')], 2, pairs)).toBe(true)
  expect(isEnough([stands('bea'), stands('carl'), stands('dora')], 3, pairs)).toBe(false)
  // A person's name is no account of the same name.
  expect(countAsOne(stands('bea', { one: 'carl' }), stands('carl', { one: 'bea' }))).toBe(false)
})

test('both the rule of a request and that of the moment have to be met', () => {
  expect(neededBy([ruleOf({ needed: 2 })])).toBe(2)
  expect(neededBy([ruleOf({ needed: 1 }), ruleOf({ needed: 3 })])).toBe(3)
  expect(neededBy([ruleOf({ needed: 3 }), ruleOf({ needed: 1 })])).toBe(3)
  const [yes, no] = [ruleOf({ delegation: true }), ruleOf({ delegation: false })]
  expect([[yes], [yes, yes], [yes, no], [no, yes], [ruleOf()]].map(allowDelegation)).toEqual([true, true, false, false, false])
})

test('who lacks the permission is told which, and in general words where that is not known', () => {
  expect(lacksRight({ lacks: { message: 'You need {one}.', values: { one: 'x' } } }).sentence).toEqual({
    message: 'You need {one}.',
    values: { one: 'x' },
  })
  expect(lacksRight({}).sentence.message).toMatch(/You don’t have the permission/)
  expect(lacksRight({}).code).toBe('denied')
})

const reasonOf = (reason: object, said: string | undefined) => {
  try {
    checkReason(ruleOf({ reason } as never), said)
    return 'taken'
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.sentence.message
  }
}

test.each([
  [{}, undefined, 'taken'],
  [{}, '  ', 'taken'],
  [{}, 'x'.repeat(500), 'taken'],
  [{}, `  ${'x'.repeat(500)}  `, 'taken'],
  [{}, 'x'.repeat(501), 'The reason can have at most 500 characters.'],
  [{ required: true }, undefined, 'Enter a reason: add {example}.'],
  [{ required: true }, ' ', 'Enter a reason: add {example}.'],
  [{ required: true }, 'shop', 'taken'],
  [{ pattern: '[A-Z]+-\\d+' }, undefined, 'Enter a reason: add {example}.'],
  [{ pattern: '[A-Z]+-\\d+' }, 'shop', 'The reason must contain {pattern}.'],
  [{ pattern: '[A-Z]+-\\d+' }, 'see OPS-7', 'taken'],
])('a reason under %j: %s', (rule, said, answer) => {
  expect(reasonOf(rule, said)).toBe(answer)
})

test('a pattern that is no longer readable lets no reason through, and the field is named', () => {
  const old = ruleOf()
  old.reason = { required: false, pattern: '(?=look)' }
  expect(() => checkReason(old, 'look')).toThrow(Failure)
  try {
    checkReason(ruleOf({ reason: { required: true } }))
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid', fields: { reason: { message: 'Enter a reason: add {example}.' } } })
  }
  expect.assertions(2)
})

test.each([
  [{}, 0, false, 72],
  [{ remind: ['4h', '1d'] }, 0, false, 4],
  [{ remind: ['1d', '4h'] }, 0, false, 4],
  [{ remind: ['4h', '1d'] }, 1, false, 24],
  [{ remind: ['4h', '1d'] }, 2, false, 72],
  [{ remind: ['1w'] }, 0, false, 72],
  [{ escalate: { after: '2h', to: ['S0PLATFORM'] } }, 0, false, 2],
  [{ escalate: { after: '2h', to: ['S0PLATFORM'] } }, 0, true, 72],
  [{ remind: ['4h'], escalate: { after: '2h', to: ['S0PLATFORM'] } }, 0, true, 4],
  [{ remind: ['4h'], escalate: { after: '6h', to: ['S0PLATFORM'] } }, 0, false, 4],
  [{ remind: ['4h'], escalate: { after: '6h', to: ['S0PLATFORM'] } }, 1, false, 6],
])('with %j, %s times reminded, escalated %s, it is looked at after %s hours', (rule, reminded, escalated, after) => {
  const { createdAt, expiresAt } = requestOf()
  const due = nextDue({ rule: ruleOf(rule as never), createdAt, expiresAt, reminded, escalated })
  expect((due.getTime() - at) / hour).toBe(after)
})

test('an approver looked at the command, its input, the rule and the facts; nothing else changes what they saw', () => {
  const one = revisionOf(requestOf())
  expect(one).toMatch(/^[\w-]{16}$/)
  expect(revisionOf(requestOf({ reason: 'x', state: 'approved', version: 9, about: { right: null, similar: ['a'] } }))).toBe(one)
  const others = [{ operation: 'repo delete' }, { input: {} }, { rule: ruleOf({ needed: 2 }) }, { facts: { facts: {} } }]
  for (const other of others) expect(revisionOf(requestOf(other)), JSON.stringify(other)).not.toBe(one)
})

test('the audit log names the requester, without an account where there was none', () => {
  expect(requesterOf(requestOf())).toEqual({ id: 'U0ALICE', team: 'T0QUAY', name: 'alice', account: 'alice' })
  expect(requesterOf(requestOf({ account: null })).account).toBeUndefined()
  expect(rowOf(requestOf())).toEqual({
    operation: 'repo create',
    input: requestOf().input,
    rule: 'one',
    reference: 'ref-1',
    request: 'abcdefghj',
  })
})

test('what Quay has now is compared with what was shown: the same is no change, whatever else is names what changed', () => {
  const shown = { facts: { tags: 3, digest: 'sha256:a' }, seen: { role: 'read' } }
  const request = requestOf({ facts: shown })
  expect(changeOf(request, { seen: { role: 'read' }, facts: { digest: 'sha256:a', tags: 3 } })).toBeUndefined()
  expect(changeOf(requestOf(), null)).toBeUndefined()
  const facts = { ...shown, facts: { tags: 4, digest: 'sha256:a' } }
  const changed = changeOf(request, facts)
  expect(changed).toMatchObject({ facts, shows: 'changes', note: { values: { changed: 'tags' } } })
  expect(changed?.revision).toBe(revisionOf({ ...request, facts }))
  expect(changeOf(request, { ...shown, seen: { role: 'write' } })).toMatchObject({ shows: 'changes' })
  expect(changeOf(request, null)).toMatchObject({ facts: null, shows: 'changes' })
})

test('of a request of the first release only what that release read is compared', () => {
  const old = requestOf({ facts: { seen: { role: 'read' } } })
  expect(changeOf(old, { seen: { role: 'read' }, facts: { tags: 3 } })).toBeUndefined()
  expect(changeOf(old, { seen: { role: 'write' }, facts: {} })).toMatchObject({ shows: 'changes' })
  const problem = { message: 'Not there.', values: {} }
  const unread = requestOf({ facts: { problem } })
  expect(changeOf(unread, { problem, facts: {} })).toBeUndefined()
  expect(changeOf(unread, { seen: { role: 'read' }, facts: {} })).toMatchObject({ shows: 'changes' })
  const without = requestOf({ facts: {} })
  expect(changeOf(without, { facts: { tags: 3 } })).toBeUndefined()
  expect(changeOf(without, { seen: null, facts: { tags: 3 } })).toBeUndefined()
  expect(changeOf(without, { seen: { role: 'read' }, facts: {} })).toMatchObject({ shows: 'more' })
})
