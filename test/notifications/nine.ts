/** Milliseconds until a clock in that zone shows `hour` next, found by looking at the clock every minute: whatever it does over night. */
export function untilHour(hour: number, now: number, timeZone: string | undefined) {
  const minute = 60_000
  const clock = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: 'numeric', hourCycle: 'h23', timeZone })
  const wanted = `${String(hour).padStart(2, '0')}:00`
  const start = Math.floor(now / minute) * minute
  for (let at = start + minute; ; at += minute) if (clock.format(at) === wanted) return at - now
}
