import { expect, test } from 'vitest'
import { parseMarkup } from '../../src/sandbox/page/app/blocks/parse-markup.ts'
import { safe } from '../../src/sandbox/page/app/blocks/safe.ts'

/** Markup as one line: `b(…)` for bold and so on, so that a test reads at a glance. */
const read = (text: string) =>
  parseMarkup(text)
    .map((part) => `${part.kind}(${'text' in part ? part.text : part.pieces.map(piece).join('')})`)
    .join(' ')

type Piece = Extract<ReturnType<typeof parseMarkup>[number], { pieces: unknown }>['pieces'][number]

function piece(one: Piece): string {
  if (one.kind === 'text') return one.text
  if ('inside' in one) return `${one.kind}(${one.inside.map(piece).join('')})`
  const { kind, ...rest } = one
  return `${kind}(${Object.values(rest).join(' ').trim()})`
}

test.each([
  ['*a* _b_ ~c~ `d`', 'lines(bold(a) italic(b) strike(c) code(d))'],
  ['_*both*_', 'lines(italic(bold(both)))'],
  // A marker counts at the edge of a word, and closes on its own line.
  ['snake_case_name 2*3*4 *open', 'lines(snake_case_name 2*3*4 *open)'],
  ['*two\nlines*', 'lines(*two\nlines*)'],
  ['`*a* <@U1> :x:`', 'lines(code(*a* <@U1> :x:))'],
  ['above\n```\n*a*\n&lt;b&gt;\n```\nbelow', 'lines(above\n) code(*a*\n<b>) lines(below)'],
  ['&gt; said\nanswered', 'quote(said) lines(answered)'],
])('stress, code and quotes: %j', (text, drawn) => {
  expect(read(text)).toBe(drawn)
})

test.each([
  ['<https://a.example/?x=1&amp;y=2|the *page*>', 'lines(link(https://a.example/?x=1&y=2 the *page*))'],
  ['<mailto:a@b.example>', 'lines(link(mailto:a@b.example a@b.example))'],
  ['<@U0ALICE> <#C0DEV|dev> <!subteam^S0PLATFORM> <!here>', 'lines(person(U0ALICE) channel(C0DEV dev) group(S0PLATFORM) everybody(@here))'],
  ['<!date^1700000000^{date} at {time}^https://a.example|then>', 'lines(date(1700000000 {date} at {time} https://a.example then))'],
  [':white_check_mark: at 10:30:00, :no_such_emoji:', 'lines(✅ at 10:30:00, :no_such_emoji:)'],
])('links, people, dates and emoji: %j', (text, drawn) => {
  expect(read(text)).toBe(drawn)
})

test.each([
  ['&lt;!channel&gt; &lt;@U0ALICE&gt;', 'lines(<!channel> <@U0ALICE>)'],
  ['&amp;lt;b&amp;gt;', 'lines(&lt;b&gt;)'],
  ['<img src=x onerror=alert(1)', 'lines(<img src=x onerror=alert(1))'],
  ['&quot;&#60;&nbsp;', 'lines(&quot;&#60;&nbsp;)'],
])('what was escaped stays text and calls nobody: %j', (text, drawn) => {
  expect(read(text)).toBe(drawn)
})

test('only addresses that open a page are followed', () => {
  expect(['https://a.example', 'HTTP://a.example', 'mailto:a@b.example'].map(safe)).not.toContain(undefined)
  expect(['javascript:alert(1)', 'data:text/html,x', ' https://a.example', '//a.example'].map(safe).filter(Boolean)).toEqual([])
})
