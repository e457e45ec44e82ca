import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

const quiet = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`)

/** A browser with an empty profile of its own, until all tests of the file are done. */
export async function openBrowser(look: { colorScheme?: 'dark' | 'light' } = {}): Promise<BrowserContext> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `There is no Chromium at ${executablePath}. Install it (Debian: apt-get install -y --no-install-recommends chromium), or set CHROMIUM.`,
    )
  }
  const profile = await mkdtemp(join(tmpdir(), 'quaymaster-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: ['--no-sandbox', '--no-first-run', ...quiet],
    viewport: { width: 1280, height: 800 },
    ...look,
  })
  context.setDefaultTimeout(20_000)
  afterAll(async () => {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  })
  return context
}

/** Somebody's window, until the test is done, on the sandbox page: what can be seen, clicked and typed there, and nothing else. */
export async function openWindow(browser: BrowserContext, origin: string, where: { as: string; in?: string; panel?: string }) {
  const page = await browser.newPage()
  // Each window holds a stream open, and a browser has six for one address.
  onTestFinished(() => page.close())
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (line) => line.type() === 'error' && problems.push(`${line.text()} ${line.location().url}`))
  await page.goto(`${origin}/?${new URLSearchParams({ in: 'general', panel: '', ...where })}`)
  await line(page).waitFor()
  return {
    page,
    /** Errors of the page's script, and what its content policy has stopped. */
    problems,
    line: line(page),
    messages: page.getByRole('log', { name: 'Messages' }).getByRole('article'),
    newest: page.getByRole('log', { name: 'Messages' }).getByRole('article').last(),
    modal: page.getByRole('dialog'),
    types: async (text: string) => {
      await line(page).fill(text)
      await line(page).press('Enter')
    },
    goes: (place: string) =>
      page
        .getByRole('navigation', { name: 'Channels' })
        .getByRole('button', { name: new RegExp(`^#? ?${place}`) })
        .click(),
    opens: (panel: string) => page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: panel }).click(),
  }
}

const line = (page: Page) => page.getByRole('combobox', { name: /^Message to / })

export type Window = Awaited<ReturnType<typeof openWindow>>
