import { expect, test } from 'vitest'
import { openBucket } from '../../src/quay/bucket.ts'
import { openFairLine } from '../../src/quay/fair-line.ts'

const then = { go: () => undefined, drop: () => undefined }

/** Joins these people, and says whose turn it is then, in order. */
function served(people: string[]) {
  const line = openFairLine()
  for (const person of people) line.join(person, then)
  return people.map(() => line.next()?.person)
}

test('who comes first goes first, and a second call goes behind the first one of everybody else', () => {
  expect(served(['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
  expect(served(['a', 'a', 'b'])).toEqual(['a', 'b', 'a'])
  expect(served(['a', 'a', 'a', 'b', 'b', 'c'])).toEqual(['a', 'b', 'c', 'a', 'b', 'a'])
})

test('of those who stand equally far back, the first to come goes first', () => {
  expect(served(['a', 'a', 'b', 'b'])).toEqual(['a', 'b', 'a', 'b'])
  expect(served(['b', 'b', 'a', 'a'])).toEqual(['b', 'a', 'b', 'a'])
})

test('who asks again and again overtakes nobody who has waited, and whose last place is passed starts anew', () => {
  const line = openFairLine()
  for (const person of ['a', 'a', 'a', 'b']) line.join(person, then)
  expect(line.next()?.person).toBe('a')
  line.join('c', then)
  expect(line.all().map(({ person, order }) => [person, order])).toEqual([
    ['b', 0],
    ['c', 0],
    ['a', 1],
    ['a', 2],
  ])
  for (const person of ['b', 'c', 'a', 'a']) expect(line.next()?.person).toBe(person)
  expect(line.next()).toBeUndefined()
  // Behind the last turn, not behind the two that were had.
  expect(line.join('b', then).order).toBe(2)
  expect(line.join('a', then).order).toBe(3)
})

test('who leaves is not served, and nobody is after all are sent away', () => {
  const line = openFairLine()
  const places = ['a', 'b', 'c'].map((person) => line.join(person, then))
  line.leave(places[1] ?? line.join('none', then))
  expect(line.all().map(({ person }) => person)).toEqual(['a', 'c'])
  line.clear()
  expect(line.all()).toEqual([])
  expect(line.next()).toBeUndefined()
})

test('tokens come in at the rate, up to the most, and a call takes one', () => {
  const bucket = openBucket(4, 12, 1_000)
  expect(bucket.tokens(1_000)).toBe(12)
  for (let call = 0; call < 12; call += 1) bucket.take(1_000)
  expect(bucket.tokens(1_000)).toBe(0)
  expect(bucket.tokens(1_250)).toBe(1)
  expect(bucket.until(1_250, 3)).toBe(500)
  expect(bucket.until(1_250, 1)).toBe(0)
  expect(bucket.tokens(60_000)).toBe(12)
})

test('a call that cannot wait leaves a debt, and a clock that stands still gives nothing', () => {
  const bucket = openBucket(2, 1, 0)
  bucket.take(0)
  bucket.take(0)
  expect(bucket.tokens(0)).toBe(-1)
  expect(bucket.until(0, 1)).toBe(1_000)
  // Time that went back is no debt.
  expect(bucket.tokens(-5_000)).toBe(-1)
})

test('another rate counts from when it is set', () => {
  const bucket = openBucket(1, 10, 0)
  for (let call = 0; call < 10; call += 1) bucket.take(0)
  bucket.set(2_000, 5, 4)
  expect(bucket.tokens(2_000)).toBe(2)
  expect(bucket.tokens(2_200)).toBe(3)
  expect(bucket.tokens(9_000)).toBe(4)
})
