import { expect, test } from 'vitest'
import { secondsOf, shortDuration } from '../../src/core/durations.ts'
import { bytesOf, exactSize } from '../../src/core/sizes.ts'

test.for(['10 GiB', '500 GB', '500 MB', '1.5 TB', '1 TB', '1 KiB', '999 B', '0 B', '2 PiB', '7 B'])(
  '%s comes back as it was typed',
  (text) => {
    expect(exactSize(bytesOf(text))).toBe(text)
  },
)

test('a size is read with and without a space, in any case; what is odd is said exactly all the same', () => {
  expect(bytesOf('10gib')).toBe(10 * 1024 ** 3)
  expect(bytesOf('1 tb')).toBe(1e12)
  expect(exactSize(123_456_789_123)).toBe('123456789123 B')
})

test('a duration comes back in its largest whole unit', () => {
  for (const text of ['90s', '10m', '4h', '3d', '2w']) expect(shortDuration(secondsOf(text))).toBe(text)
  expect(secondsOf('90')).toBe(90)
})
