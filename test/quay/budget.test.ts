import { afterEach, expect, test, vi } from 'vitest'
import { openRateLimiter, type Purpose, type RateLimiter } from '../../src/quay/budget.ts'
import { openNginx, quaysLimit } from '../../src/sandbox/quay/nginx.ts'

afterEach(() => void vi.useRealTimers())

/** Simulated time: nothing here depends on the machine. */
function startBudget(rate = 4) {
  vi.useFakeTimers()
  const budget = openRateLimiter(rate, 3, () => performance.now())
  return Object.assign(budget, { passed: (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000) })
}

/** Uses the burst up, so that what comes next has to wait. */
async function exhausted(rate = 4) {
  const budget = startBudget(rate)
  await Promise.all(Array.from({ length: 3 * rate }, () => budget.turn({ class: 'interactive', person: 'nobody' }, 1000)))
  return budget
}

const alice: Purpose = { class: 'interactive', person: 'alice' }
const bea: Purpose = { class: 'interactive', person: 'bea' }
const background: Purpose = { class: 'background' }

/** Asks so many times at once, and writes down whose turn it was. */
function ask(budget: RateLimiter, served: string[], name: string, purpose: Purpose, times = 1) {
  for (let number = 0; number < times; number++) void budget.turn(purpose, 600_000).then(() => served.push(name))
}

test('the calls of one command start together, and one person alone waits for nobody', async () => {
  const budget = startBudget()
  const served: string[] = []
  ask(budget, served, 'alice', alice, 12)
  await budget.passed(0)
  expect(served).toHaveLength(12)
  ask(budget, served, 'alice', alice, 4)
  expect(budget.waiting('alice')).toEqual({ others: 0, seconds: 1 })
  await budget.passed(1)
  expect(served).toHaveLength(16)
})

test('people go first, builds that are followed before housekeeping', async () => {
  const budget = await exhausted()
  const served: string[] = []
  ask(budget, served, 'poll', background, 2)
  ask(budget, served, 'build', { class: 'follow' }, 2)
  ask(budget, served, 'alice', alice, 3)
  await budget.passed(60)

  // The first of each is its share, saved while nobody waited.
  expect(served).toEqual(['build', 'poll', 'alice', 'alice', 'alice', 'build', 'poll'])
})

test('whoever asks, a fifth stays for builds and housekeeping, and a share for jobs', async () => {
  const budget = await exhausted()
  const served: string[] = []
  for (const [name, purpose] of Object.entries({ alice, job: { class: 'job' }, build: { class: 'follow' }, poll: background } as const))
    ask(budget, served, name, purpose, 1000)
  await budget.passed(100)
  const count = (name: string) => served.filter((one) => one === name).length

  expect(served).toHaveLength(400)
  expect([count('job'), count('build'), count('poll')]).toEqual([60, 40, 40].map((one) => expect.closeTo(one, -1)))
  expect(count('alice')).toBeGreaterThan(250)
})

test('housekeeping alone has it all, and leaves the calls of one command for who comes', async () => {
  const budget = startBudget()
  const served: string[] = []
  ask(budget, served, 'poll', background, 1000)
  await budget.passed(50)
  expect(served.length).toBeGreaterThan(190)
  const before = served.length
  ask(budget, served, 'alice', alice, 7)
  await budget.passed(0)
  expect(served.slice(before)).toEqual(Array(7).fill('alice'))
})

test('people take turns, however much one of them asks for', async () => {
  const budget = await exhausted()
  const served: string[] = []
  ask(budget, served, 'a', alice, 200)
  ask(budget, served, 'b', bea, 200)
  await budget.passed(25)

  expect(served).toHaveLength(100)
  expect(served.filter((name) => name === 'b').length).toBe(50)
})

test('who asks for one thing after the other does not overtake who has waited', async () => {
  const budget = await exhausted()
  const served: string[] = []
  ask(budget, served, 'a', alice, 25)
  const one = async () => {
    for (let number = 0; number < 12; number++) {
      await budget.turn(bea, 60_000)
      served.push('b')
    }
  }
  const asked = one()
  await budget.passed(10)
  await asked

  expect(served.slice(0, 24).filter((name) => name === 'a').length).toBeGreaterThanOrEqual(11)
})

test('Quay’s nginx refuses none of the calls, health checks included', async () => {
  const budget = startBudget()
  const passes = openNginx()
  const refused: number[] = []
  const send = () => void (passes(quaysLimit, 'us', performance.now()) || refused.push(performance.now()))
  for (let round = 0; round < 40; round++) {
    for (let number = 0; number < 12; number++) void budget.turn(alice, 600_000).then(send)
    for (let number = 0; number < 5; number++) void budget.turn(background, 600_000).then(send)
    budget.passBy()
    send()
    await budget.passed(5)
  }
  expect(refused).toEqual([])
})

test('a wait of minutes ends at once, and says for how long', async () => {
  const budget = await exhausted(1)
  const served: string[] = []
  ask(budget, served, 'alice', alice, 500)

  await expect(budget.turn(alice, 300_000)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Too many people are using Quay right now. Try again in about {minutes, plural, one {# minute} other {# minutes}}.',
    sentence: { values: { minutes: 9 } },
    passes: false,
  })
  // Housekeeping has nobody to tell.
  ask(budget, served, 'poll', background)
  await budget.passed(700)
  expect(served).toContain('poll')
})

test('a person can be told how long it takes until the last of their calls, and whether others are ahead', async () => {
  const budget = await exhausted(2)
  const served: string[] = []
  ask(budget, served, 'alice', alice, 2)
  ask(budget, served, 'bea', bea)
  ask(budget, served, 'carl', { class: 'interactive', person: 'carl' })

  expect(budget.waiting('alice')).toEqual({ others: 2, seconds: 2 })
  expect(budget.waiting('carl')).toEqual({ others: 2, seconds: 2 })
  expect(budget.waiting('dora')).toEqual({ others: 0, seconds: 0 })
  expect(budget.standing()).toMatchObject({ rate: 2, waiting: { interactive: 4, background: 0 } })
})

test('a replica that comes takes half of the rate, and gives it back when it goes', async () => {
  const budget = await exhausted()
  const served: string[] = []
  ask(budget, served, 'alice', alice, 100)
  budget.share(1 / 2)
  await budget.passed(10)
  expect(served).toHaveLength(20)
  budget.share(1)
  await budget.passed(10)
  expect(served).toHaveLength(60)
})

test('what was spent in the last hour is known by class, and older calls are forgotten', async () => {
  const budget = startBudget()
  const served: string[] = []
  ask(budget, served, 'alice', alice, 5)
  ask(budget, served, 'poll', background, 3)
  budget.passBy()
  await budget.passed(60)
  expect(budget.standing().spent).toEqual({ interactive: 5, job: 0, follow: 0, background: 4 })
  await budget.passed(3600)
  expect(budget.standing().spent.interactive).toBe(0)
})

test('at a stop housekeeping ends, what people and jobs have begun goes on', async () => {
  const budget = await exhausted()
  const served: string[] = []
  ask(budget, served, 'alice', alice)
  ask(budget, served, 'job', { class: 'job' })
  const poll = expect(budget.turn(background, 1000)).rejects.toMatchObject({ code: 'unavailable' })
  budget.stop()
  await poll
  await expect(budget.turn({ class: 'follow' }, 1000)).rejects.toMatchObject({ code: 'unavailable' })
  await budget.passed(10)
  expect(served.toSorted()).toEqual(['alice', 'job'])
})

test('who is first of all waits too, where the next call may be a minute away: they hear so at once, and who is patient is served', async () => {
  const budget = startBudget(1 / 60)
  await budget.turn(bea, 1000)
  const served: string[] = []
  const impatient = budget.turn(alice, 1000).catch((error: unknown) => error)
  await budget.passed(0)
  expect(await impatient).toMatchObject({ code: 'unavailable', message: expect.stringContaining('Too many people are using Quay') })
  expect(budget.waiting('alice')).toEqual({ others: 0, seconds: 0 })
  ask(budget, served, 'bea', bea)
  expect(budget.waiting('bea').seconds).toBeGreaterThanOrEqual(60)
  expect(budget.waiting('alice')).toEqual({ others: 0, seconds: 0 })
  await budget.passed(600)
  expect(served).toEqual(['bea'])
})

test('whoever listens hears of every turn: its class, its work and how long it waited', async () => {
  const budget = await exhausted()
  const heard: object[] = []
  budget.watch((turn) => heard.push(turn))
  budget.watch((turn) => heard.push(turn))
  void budget.turn({ class: 'interactive', person: 'alice' }, 60_000)
  void budget.turn({ class: 'job', work: 'event' }, 60_000)
  await budget.passed(10)
  expect(heard).toHaveLength(4)
  expect(heard).toContainEqual({ class: 'job', work: 'event', waited: expect.any(Number) })
  expect(heard).toContainEqual({ class: 'interactive', work: 'other', waited: expect.any(Number) })
})

test('what people still wait takes in what the other classes get meanwhile', async () => {
  const budget = await exhausted()
  const served: string[] = []
  ask(budget, served, 'alice', alice, 12)
  expect(budget.waiting('alice').seconds).toBe(3)
  ask(budget, served, 'job', { class: 'job' }, 2)
  ask(budget, served, 'poll', background, 2)
  expect(budget.waiting('alice').seconds).toBe(4)
})
