import { expect, test } from 'vitest'
import { translator } from '../../src/core/i18n.ts'
import { semicolons } from '../../src/core/lists.ts'
import { listMessage } from '../../src/slack/lists/list.ts'
import { asCode, asText } from '../../src/slack/lists/values.ts'
import { codes, someCodes } from '../../src/slack/views/codes.ts'

const [english, japanese] = [translator('en'), translator('ja')]

test('names in code style have the comma of the language', () => {
  expect(codes(['v1', 'v2'], english).markup).toBe('`v1`, `v2`')
  expect(codes(['v1', 'v2'], japanese).markup).toBe('`v1`、`v2`')
  expect(
    someCodes(
      Array.from({ length: 22 }, (_, index) => `v${index}`),
      japanese,
    ).markup,
  ).not.toContain(', ')
})

test('the lines of a list, and what a phone shows of it, have it too', () => {
  const columns = [
    { name: 'tag', title: 'タグ', value: (one: string) => asCode(one) },
    { name: 'a', title: 'a', value: () => asText('a') },
    { name: 'b', title: 'b', value: () => asText('b') },
  ]
  const drawn = listMessage({ headline: 'タグ', rows: ['v1', 'v2'], columns }, japanese)
  expect(JSON.stringify(drawn)).not.toContain(', ')
  expect(drawn.text).toContain('v1、v2')
})

test('reasons that follow one another have the mark of the language', () => {
  expect(semicolons(english, ['team owners, an admin', 'permission write'])).toBe('team owners, an admin; permission write')
  expect(semicolons(japanese, ['チーム owners', '権限 write'])).toBe('チーム owners、権限 write')
})
