import { expect, test } from 'vitest'
import { nextDigest } from '../../src/notifications/digest-schedule.ts'
import { sampled } from '../sized.ts'

const hour = 3_600_000
// Clocks that go forward and back, at other hours and by half an hour, and far from Greenwich on both sides.
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', null]
const changes = ['2027-03-28', '2026-10-25', '2027-03-14', '2026-11-01', '2027-04-04', '2026-12-31']

const tried = sampled(zones, 7, 4)

test.for(tried)('in %s every digest is at nine by the clock there, one for each day, over every change of the clocks', (zone) => {
  // To make one takes a hundred times as long as to use it.
  const clock = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: zone ?? 'UTC' })
  for (const day of changes) {
    const from = Date.parse(`${day}T00:30:00Z`) - 72 * hour
    const seen = new Set<string>()
    for (let now = from; now < from + 144 * hour; now += hour / 2) {
      const at = nextDigest(now, 'daily', zone)
      expect(at, `${zone} ${new Date(now).toISOString()}`).toBeGreaterThan(now)
      expect(at - now).toBeLessThanOrEqual(25 * hour)
      expect(clock.format(at)).toMatch(/ 09:00:00$/)
      seen.add(clock.format(at))
    }
    expect([6, 7]).toContain(seen.size)
  }
})

test('the weekly one is on Mondays, at most eight days away', () => {
  for (const zone of zones)
    for (const day of changes) {
      const now = Date.parse(`${day}T23:30:00Z`)
      const at = nextDigest(now, 'weekly', zone)
      expect(new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone: zone ?? 'UTC' }).format(at)).toBe('Monday')
      expect(at - now).toBeLessThanOrEqual(8 * 24 * hour)
    }
})

test('a zone that is not known here is UTC', () => {
  const at = nextDigest(Date.parse('2026-11-23T10:00:00Z'), 'daily', 'Mars/Olympus_Mons')
  expect(new Date(at).toISOString()).toBe('2026-11-24T09:00:00.000Z')
})
