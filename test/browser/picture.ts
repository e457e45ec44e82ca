import { existsSync } from 'node:fs'
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { Window } from './open-window.ts'

/** A picture of the documents, drawn anew only on request: `SCREENSHOTS=yes npm run test:browser`. `from`: what stands at its top. */
export async function picture({ page }: Pick<Window, 'page'>, name: string, from?: Locator) {
  await from?.evaluate((element) => (element as unknown as { scrollIntoView(): void }).scrollIntoView()) // tests know no DOM
  const path = `test/browser/screenshots/${name}.png`
  const taken = await page.screenshot(process.env.SCREENSHOTS ? { path } : {})
  expect(taken.length).toBeGreaterThan(20_000)
  expect(existsSync(path)).toBe(true)
}
