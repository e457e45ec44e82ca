import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const app = 'src/sandbox/page/app'

/** The keys of the table of words. */
const known = new Set(
  [...readFileSync(`${app}/words.ts`, 'utf8').matchAll(/^ {2}(?:'([^']+)'|(\w+)):/gm)].map(([, quoted, plain]) => quoted ?? plain),
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
