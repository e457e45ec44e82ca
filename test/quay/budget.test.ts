import { expect, test } from 'vitest'
import { openRateLimiter, type Purpose, type RateLimiter } from '../../src/quay/budget.ts'

// A rate of 200 with a window of 50 milliseconds lets ten calls go at once, and ten more in each window after it.
const fast = { rate: 200, window: 0.05 }

function start(): RateLimiter {
  return openRateLimiter(fast.rate, fast.window)
}

/** Uses the budget up, so that what comes next has to wait. */
async function exhausted() {
  const budget = start()
  await Promise.all(Array.from({ length: 10 }, () => budget.turn({ class: 'interactive', person: 'nobody' }, 1000)))
  return budget
}

/** In which order they get their turn when all ask at once. */
async function order(budget: RateLimiter, asked: [string, Purpose][]) {
  const served: string[] = []
  await Promise.all(asked.map(([name, purpose]) => budget.turn(purpose, 5000).then(() => served.push(name))))
  return served
}

test('people go before jobs, and jobs before the background', async () => {
  const served = await order(await exhausted(), [
    ['poll', { class: 'background' }],
    ['job', { class: 'job' }],
    ['another poll', { class: 'background' }],
    ['alice', { class: 'interactive', person: 'alice' }],
  ])

  expect(served).toEqual(['alice', 'job', 'poll', 'another poll'])
})

test('people take turns, however much one of them asks for', async () => {
  const alice: Purpose = { class: 'interactive', person: 'alice' }
  const bea: Purpose = { class: 'interactive', person: 'bea' }
  const served = await order(await exhausted(), [
    ['a1', alice],
    ['a2', alice],
    ['a3', alice],
    ['a4', alice],
    ['b1', bea],
    ['b2', bea],
  ])

  expect(served).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4'])
})

test('who asks for one thing after the other does not overtake who has waited', async () => {
  const budget = await exhausted()
  const served: string[] = []
  const alice = Promise.all(
    Array.from({ length: 25 }, (_, n) => budget.turn({ class: 'interactive', person: 'alice' }, 5000).then(() => served.push(`a${n}`))),
  )
  for (let n = 0; n < 12; n++) {
    await budget.turn({ class: 'interactive', person: 'bea' }, 5000)
    served.push(`b${n}`)
  }
  await alice

  // While both waited neither got more than its half, give or take the ten that start together.
  const both = served.slice(0, 24)
  expect(both.filter((name) => name.startsWith('a')).length).toBeGreaterThanOrEqual(8)
})

test('never more calls in a window than its share', async () => {
  const budget = openRateLimiter(20, 0.5)
  const times: number[] = []
  await Promise.all(Array.from({ length: 25 }, () => budget.turn({ class: 'job' }, 5000).then(() => times.push(Date.now()))))

  // A busy machine notes some of them late.
  for (const time of times) expect(times.filter((other) => other >= time && other < time + 350).length).toBeLessThanOrEqual(10)
})

test('waiting ends some time, and says why', async () => {
  const budget = openRateLimiter(0.5)
  await budget.turn({ class: 'interactive' }, 1000)

  await expect(budget.turn({ class: 'interactive' }, 50)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Too many calls are waiting for Quay. Try again in a moment.',
  })
  expect(budget.waiting('')).toEqual({ ahead: 0, seconds: 0 })
})

test('a person can be told what is ahead of them', async () => {
  const budget = openRateLimiter(2, 1)
  await Promise.all([budget.turn({ class: 'job' }, 1000), budget.turn({ class: 'job' }, 1000)])
  const abandoned = ['alice', 'alice', 'bea', 'carl'].map((person) =>
    budget.turn({ class: 'interactive', person }, 100).catch(() => undefined),
  )

  expect(budget.waiting('alice')).toEqual({ ahead: 0, seconds: 1 })
  expect(budget.waiting('carl')).toEqual({ ahead: 2, seconds: 2 })
  expect(budget.waiting('dora')).toEqual({ ahead: 0, seconds: 0 })
  await Promise.all(abandoned)
})
