import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const app = 'src/sandbox/page/app'

/** The keys of the table of words. */
const known = new Set(
  [...readFileSync(`${app}/japanese.ts`, 'utf8').matchAll(/^ {2}(?:'([^']+)'|(\w+)):/gm)].map(([, quoted, plain]) => quoted ?? plain),
)

test('every text that the page says in the person’s language is in the table', () => {
  const said = globSync(`${app}/**/*.{ts,tsx}`).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bsay\(\s*'([^']+)'/g)].map(([, text]) => text),
  )
  const steps = [...readFileSync(`${app}/tour/steps.ts`, 'utf8').matchAll(/^ {6}(?:title|what): '([^']+)'/gm)].map(([, text]) => text)
  expect(said.length).toBeGreaterThan(60)
  expect(steps).toHaveLength(12)
  expect([...said, ...steps].filter((text) => !known.has(text ?? ''))).toEqual([])
})

test('no panel has a text of its own in one language alone', () => {
  const found = globSync(`${app}/**/*.tsx`).flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    const alone = [...text.matchAll(/^ +([A-Z][a-z’]+(?: [\w’,.()]+)+)$/gm), ...text.matchAll(/>([A-Z][a-z]+[\w ’.,]*)<\//g)]
    return alone.filter(([, words]) => words !== 'Quaymaster').map(([, words]) => `${file}: ${words}`)
  })
  expect(found).toEqual([])
})

test('every choice of the panels is in the table', () => {
  const choices = ['faults', 'settings'].flatMap((name) =>
    [...readFileSync(`${app}/panels/${name}.tsx`, 'utf8').matchAll(/(?:^ {2}|[{,] )'([A-Z][^']+)': |\bname="([^"]+)"/gm)].map(
      ([, quoted, name]) => quoted ?? name,
    ),
  )
  expect(choices.length).toBeGreaterThan(25)
  expect(choices.filter((text) => !known.has(text ?? ''))).toEqual([])
})
