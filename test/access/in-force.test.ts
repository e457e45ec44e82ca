import { expect, test } from 'vitest'
import { inForce, isMore, type Role } from '../../src/approvals/access/in-force.ts'
import { momentOf } from '../../src/core/until.ts'
import { sized } from '../sized.ts'

/** Numbers that are the same in every run: mulberry32. */
function randomFrom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const roles: Role[] = ['read', 'write', 'admin']

test('in whatever order grants begin and end, none takes what another gives, and in the end there is what was before', () => {
  for (let seed = 1; seed <= sized(200, 2_000, 2_000); seed += 1) {
    const random = randomFrom(seed)
    const permanent = ([null, ...roles] as const)[random(4)] ?? null
    const open: Role[] = []
    for (let step = 0; step < 30; step += 1) {
      const before = inForce('repository', permanent, open)
      const begins = open.length === 0 || random(2) === 0
      const [changed] = begins ? [roles[random(3)] ?? 'read'] : open.splice(random(open.length), 1)
      if (begins && changed) open.push(changed)
      const now = inForce('repository', permanent, open)
      for (const role of [...open, permanent]) expect(isMore('repository', role, now), `seed ${seed}`).toBe(false)
      // Nothing is in force that nobody gives, and what ends changes nothing that it did not give.
      expect([null, permanent, ...open], `seed ${seed}`).toContain(now)
      if (!begins && changed !== before) expect(now, `seed ${seed}`).toBe(before)
      const shuffled = open.toSorted(() => random(3) - 1)
      expect(inForce('repository', permanent, shuffled)).toBe(now)
    }
    expect(inForce('repository', permanent, [])).toBe(permanent)
  }
})

const at = (iso: string) => Date.parse(iso)
const said = (text: string, now: string, zone: string) => new Date(momentOf(text, at(now), zone) ?? Number.NaN).toISOString()

test('a moment in the words of a person is one of their time zone, on both sides of a change of the clock', () => {
  // Berlin: +02:00 until 25 October 2026, 03:00; +01:00 from then on.
  expect(said('friday 18:00', '2026-10-23T10:00:00Z', 'Europe/Berlin')).toBe('2026-10-23T16:00:00.000Z')
  expect(said('fri 18:00', '2026-10-23T17:00:00Z', 'Europe/Berlin')).toBe('2026-10-30T17:00:00.000Z')
  expect(said('monday 9:00', '2026-10-24T10:00:00Z', 'Europe/Berlin')).toBe('2026-10-26T08:00:00.000Z')
  // 02:30 comes twice: the first counts, because an end is rather early than late.
  expect(said('2026-10-25 02:30', '2026-10-24T10:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
  // 02:30 does not come: it is 03:30.
  expect(said('2026-03-29 02:30', '2026-03-28T10:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
  expect(said('tomorrow', '2026-11-28T23:30:00Z', 'Asia/Tokyo')).toBe('2026-11-30T15:00:00.000Z')
  expect(said('18:00', '2026-11-28T20:00:00Z', 'UTC')).toBe('2026-11-29T18:00:00.000Z')
  expect(said('2026-11-29T18:00:00.000Z', '2026-11-28T20:00:00Z', 'Asia/Tokyo')).toBe('2026-11-29T18:00:00.000Z')
})

test('what names no moment is none', () => {
  for (const text of ['someday', '2026-02-30', '25:00', 'friday 18:70', 'mo', ''])
    expect(momentOf(text, at('2026-11-28T20:00:00Z'), 'UTC'), text).toBeUndefined()
})
