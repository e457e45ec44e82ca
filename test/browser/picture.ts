import { existsSync } from 'node:fs'
import { expect } from 'vitest'
import type { Window } from './open-window.ts'

/** A picture of the documents, drawn anew only on request: `SCREENSHOTS=yes npm run test:browser`. */
export async function picture({ page }: Pick<Window, 'page'>, name: string) {
  const path = `test/browser/screenshots/${name}.png`
  const taken = await page.screenshot(process.env.SCREENSHOTS ? { path } : {})
  expect(taken.length).toBeGreaterThan(20_000)
  expect(existsSync(path)).toBe(true)
}
