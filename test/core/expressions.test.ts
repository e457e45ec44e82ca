import { expect, test } from 'vitest'
import { sampled, sized } from '../sized.ts'
import { type Expression, madeExpressions, piecesOf, writtenExpressions } from './expressions.ts'
import { costOf, growth } from './growth.ts'

// What is made of a pattern while the bot runs, and why no text of others reaches it.
const madeLater: Record<string, string> = {
  'src/sandbox/page/app/tour/steps.ts': 'the names of the tour’s own people, on messages of the sandbox',
  'src/sandbox/quay/body.ts': 'patterns of Quay’s own API document, in the sandbox',
  'src/surfaces/messages/heard.ts': 'the bot’s own Slack id, before any message; its repetitions hold no character of each other',
}

/** The size at which all of them are tried quickly; the slowest text of each is then tried at full size. */
const quick = 4_000
const full = sized(10_000, 60_000, 1_000_000)

const written = await writtenExpressions()
const made = madeExpressions()
const expressions = [...written.all, ...made]
const byText = new Map(expressions.map((one) => [`/${one.source}/${one.flags}`, one]))

test('every expression of the source tree is known: written, made while its module is loaded, or listed here with a reason', () => {
  expect(written.all.length).toBeGreaterThan(150)
  for (const { source, flags } of expressions) expect(() => new RegExp(source, flags), source).not.toThrow()
  const loaded = new Set(made.map(({ file }) => file))
  expect(written.made.filter((file) => !loaded.has(file))).toEqual(Object.keys(madeLater))
})

function run({ source, flags }: Expression) {
  const expression = new RegExp(source, flags.includes('g') ? flags : `${flags.replace('y', '')}g`)
  return (text: string) => {
    expression.lastIndex = 0
    text.replace(expression, '')
  }
}

const tails = ['', '\u0001', ' x', '\nx']

function hostileTexts(expression: Expression) {
  const pieces = piecesOf(expression).slice(0, sized(10, 30, 80))
  const [whole = ''] = pieces
  const repeated = [...new Set([...pieces, ...'a 0-/"<.@:_=`*+\n', 'aA0'])]
  return repeated.flatMap((piece) =>
    tails.flatMap((tail) => [
      (size: number) => `${piece.repeat(Math.ceil(size / piece.length))}${tail}`,
      (size: number) => `${whole}${piece.repeat(Math.ceil(size / piece.length))}${tail}`,
    ]),
  )
}

/** The text that costs most at a small size: the five worst are tried again, as a garbage collector may have come in between. */
function slowest(expression: Expression) {
  const work = run(expression)
  const tried = hostileTexts(expression).map((text) => ({ text, cost: costAt(work, text) }))
  const worst = tried.toSorted((one, other) => other.cost - one.cost).slice(0, 5)
  const again = worst.map(({ text }) => ({ text, cost: Math.min(costAt(work, text), costAt(work, text)) }))
  return again.toSorted((one, other) => other.cost - one.cost)[0]?.text ?? String
}

function costAt(work: (text: string) => void, text: (size: number) => string) {
  const once = text(quick)
  return costOf(() => work(once))
}

test.each(sampled([...byText], 3))('twice as much hostile text costs %s at most 2.5 times as much', (_name, expression) => {
  const work = run(expression)
  const text = slowest(expression)
  const about = `${JSON.stringify(text(40))} repeated, in ${expression.file}`
  // What grows with the square shows long before it would take minutes.
  for (let size = quick; size < full; size *= 2) {
    const cost = costOf(() => work(text(size)))
    if (cost > 50) expect(cost / costOf(() => work(text(size / 4))), about).toBeLessThan(8)
  }
  expect(growth(work, text, full), about).toBeLessThan(2.5)
})
