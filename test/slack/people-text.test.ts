import { expect, test } from 'vitest'
import { translator } from '../../src/core/i18n.ts'
import { escaped, inline, visible } from '../../src/core/markup.ts'
import { bold, code, link, plain, quoted } from '../../src/slack/blocks.ts'
import { seen, startRequests } from '../approvals/start-requests.ts'

const t = translator('en')

const hidden: [what: string, text: string, shown: string][] = [
  ['an override of direction', 'a\u202eb', 'a⟨U+202E⟩b'],
  ['an isolate', 'a\u2066b\u2069', 'a⟨U+2066⟩b⟨U+2069⟩'],
  ['a mark of direction', 'a\u200fb', 'a⟨U+200F⟩b'],
  ['a zero-width space', 'acme/api\u200b', 'acme/api⟨U+200B⟩'],
  ['a zero-width joiner between letters', 'a\u200db', 'a⟨U+200D⟩b'],
  ['a soft hyphen', 'a\u00adb', 'a⟨U+00AD⟩b'],
  ['a filler', 'a\u3164b', 'a⟨U+3164⟩b'],
  ['a tag', 'a\u{e0041}', 'a⟨U+E0041⟩'],
  ['a byte order mark', '\ufeffa', '⟨U+FEFF⟩a'],
  ['an escape of a terminal', 'a\u001b[31mb', 'a⟨U+001B⟩[31mb'],
  ['half a character', 'a\ud800', 'a⟨U+D800⟩'],
]

test.each(hidden)('%s is shown wherever text of people stands', (_what, text, shown) => {
  expect([visible(text), escaped(text), plain(text).text, inline(text)]).toEqual([shown, shown, shown, shown])
  for (const made of [bold(text), code(text), link('https://x.example', text)]) expect(made.markup).toContain(shown)
  expect(JSON.stringify(quoted(text))).toContain(JSON.stringify(shown).slice(1, -1))
  expect(t('{text}', { text })).toBe(shown)
})

test.each(['👩‍💻 and ❤️', 'مرحبا', 'é and ẹ́', 'a\tb'])('%s stays as it is', (text) => {
  expect(visible(text)).toBe(text)
})

const lively: [text: string, shown: string][] = [
  ['*bold*', '∗bold*'],
  ['_no_', '＿no_'],
  ['~no~', '∼no~'],
  ['`no`', 'ˋno`'],
  ['my_repo_name and 2*3', 'my_repo_name and 2*3'],
  [':white_check_mark: Approved', '∶white_check_mark: Approved'],
  ['at 07:28:17', 'at 07:28:17'],
  ['<!channel> <@U0ALICE>', '&lt;!channel&gt; &lt;@U0ALICE&gt;'],
  ['a\nb\r\nc', 'a ⏎ b ⏎ c'],
]

test.each(lively)('within a sentence %j is plain: %j', (text, shown) => {
  expect(t('{text}', { text })).toBe(shown)
})

test('a quotation is one block without markup, whatever is in it', () => {
  const text = '*Approved by dora.*\n:white_check_mark: <!channel> https://evil.example'
  expect(quoted(text)).toEqual({ type: 'rich_text', elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text }] }] })
})

test('a reason cannot imitate the card that it stands on', async () => {
  const { alice, card } = await startRequests()
  const reason = 'shop\n:white_check_mark: *Approved by dora.*\n<!channel> \u202eevil'
  await alice.types(`/quay repo create labs/imitated visibility=private reason="${reason}"`)
  const shown = await card(/labs\/imitated/)
  const blocks = shown.blocks as { type: string; text?: { text: string } }[]
  const markup = JSON.stringify(blocks.filter(({ type }) => type !== 'rich_text'))
  expect(markup).not.toMatch(/Approved by dora|evil|<!channel/)
  const quotation = blocks.filter(({ type }) => type === 'rich_text')
  expect(quotation).toHaveLength(1)
  expect(JSON.stringify(quotation)).toContain('⟨U+202E⟩evil')
  expect(seen(shown)).not.toContain('\u202e')
})
