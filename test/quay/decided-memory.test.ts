import { expect, test } from 'vitest'
import { z } from 'zod'
import { Failure } from '../../src/core/failure.ts'
import { call, done, find, remembering } from '../../src/quay/http.ts'
import { openMemo } from '../../src/quay/memo.ts'
import type { Attempt } from '../../src/quay/retry.ts'
import { openSpending } from '../../src/quay/spending.ts'
import { type Answer, startServer } from './start-server.ts'

const read = { method: 'GET', path: '/messages', response: z.object({ number: z.number() }) } as const
const change = { method: 'POST', path: '/messages', body: {}, assume: undefined, response: done } as const
const numbered = (_: unknown, number: number): Answer => ({ body: { number } })

test('one execution reads each thing once, also at the same moment; another reads it anew', async () => {
  const { quay, requests } = await startServer(numbered)
  const once = remembering(quay)
  expect(await Promise.all([call(once, read), call(once, read)])).toEqual([{ number: 1 }, { number: 1 }])
  expect(await call(once, read)).toEqual({ number: 1 })
  expect(requests).toHaveLength(1)
  expect(await call(remembering(quay), read)).toEqual({ number: 2 })
  expect(await call(quay, read)).toEqual({ number: 3 })
})

test('after its own change it reads again, also when the change was refused', async () => {
  for (const status of [200, 400]) {
    const { quay } = await startServer(({ method }, number) =>
      method === 'POST' ? { status, body: { detail: 'x' } } : { body: { number } },
    )
    const once = remembering(quay)
    expect(await call(once, read)).toEqual({ number: 1 })
    await call(once, change).catch((error: unknown) => expect(error).toBeInstanceOf(Failure))
    expect(await call(once, read)).toEqual({ number: 3 })
  }
})

test('what was read while it changed something is not kept', async () => {
  let answer = () => {}
  const { quay, requests } = await startServer(({ method }, number) =>
    method === 'POST'
      ? (response) => {
          answer = () => void response.end('{}')
        }
      : { body: { number } },
  )
  const once = remembering(quay)
  const changing = call(once, change)
  await expect.poll(() => requests.length).toBe(1)
  expect(await call(once, read)).toEqual({ number: 2 })
  answer()
  await changing
  expect(await call(once, read)).toEqual({ number: 3 })
})

const answered = (status: number, length = 1): Attempt => ({ status, bytes: Buffer.alloc(length) })

test.each<[string, () => Promise<Attempt>, boolean]>([
  ['a good answer', async () => answered(200), true],
  ['a refusal', async () => answered(404), true],
  ['an outage', async () => answered(503), false],
  ['no answer', async () => ({ failed: 'cut' }), false],
  ['an answer of a million bytes', async () => answered(200, 1_000_000), true],
  ['one that is longer', async () => answered(200, 1_000_001), false],
  ['a bug', () => Promise.reject(new Error('ours')), false],
])('%s is kept: %#', async (_, ask, isKept) => {
  const memo = openMemo()
  let asked = 0
  const counted = () => {
    asked += 1
    return ask()
  }
  for (let index = 0; index < 2; index += 1) await memo.read('a', counted).catch(() => undefined)
  expect(asked).toBe(isKept ? 1 : 2)
})

test('of the 201st answer on the oldest is forgotten, and nothing else', async () => {
  const memo = openMemo()
  const asked: number[] = []
  const ask = (number: number) =>
    memo.read(`${number}`, async () => {
      asked.push(number)
      return answered(200)
    })
  for (let number = 0; number < 200; number += 1) await ask(number)
  await ask(0)
  expect(asked).toHaveLength(200)
  await ask(200)
  await ask(1)
  expect(asked).toHaveLength(201)
  await ask(0)
  expect(asked.slice(200)).toEqual([200, 0])
  memo.forget()
  await ask(200)
  expect(asked).toHaveLength(203)
})

test('a late failure of an earlier read drops nothing that was read since', async () => {
  const memo = openMemo()
  const { promise, reject } = Promise.withResolvers<Attempt>()
  const first = memo.read('a', () => promise)
  memo.forget()
  const second = memo.read('a', async () => answered(200))
  reject(new Error('late'))
  await first.catch(() => undefined)
  await second
  expect(await memo.read('a', async () => answered(404))).toMatchObject({ status: 200 })
})

test('find answers nothing for what is not there, and throws everything else', async () => {
  const of = async (status: number) => {
    const { quay } = await startServer(() => ({ status, body: { detail: 'Not Found' } }))
    return find(quay, { path: '/messages', response: read.response })
  }
  expect(await of(404)).toBeUndefined()
  await expect(of(403)).rejects.toMatchObject({ code: 'denied' })
  await expect(of(503)).rejects.toMatchObject({ code: 'unavailable' })
})

test('calls are counted by class, for an hour, to the minute', () => {
  let now = 0
  const spending = openSpending(() => now)
  const minute = 60_000
  spending.count('job')
  now = 59 * minute
  spending.count('job')
  spending.count('background')
  expect(spending.lastHour()).toEqual({ interactive: 0, job: 2, follow: 0, background: 1 })
  now = 60 * minute
  expect(spending.lastHour()).toEqual({ interactive: 0, job: 1, follow: 0, background: 1 })
  now = 119 * minute
  expect(spending.lastHour()).toEqual({ interactive: 0, job: 0, follow: 0, background: 0 })
})
