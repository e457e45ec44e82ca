import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds serious or critical in the page as it is now, with where it stands. */
export async function violations(page: Page): Promise<string[]> {
  // Injected by the test driver: the page's own content policy lets no foreign script in.
  const found = await page.evaluate(`(async () => {
    if (!window.axe) { ${axe} }
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] })
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary))
  })()`)
  return found as string[] // strings, as the expression above makes them
}

/** Waits until it can be seen. */
export async function sees(locator: Locator) {
  await locator.waitFor({ state: 'visible' })
}

/** How many pixels the page is wider than its window. */
export function overhang(page: Page) {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
}

/** Waits for text to stand somewhere. */
export async function reads(locator: Locator, text: string | RegExp) {
  await expect.poll(() => locator.innerText(), { timeout: 20_000 }).toMatch(text)
}
