import { expect, test } from 'vitest'

// Run by test/tools/failing.test.ts alone.
test('fails', () => {
  expect('what is').toBe('what should be')
})
