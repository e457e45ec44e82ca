import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { drawStored } from '../../src/command/draw-stored.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { translator } from '../../src/core/i18n.ts'

// Results and previews that release 0.1.0 stored and drew (recorded/release-0.1.0/README.md): today's views have to draw them too,
// on cards, under Share in channel and when a command arrives a second time.

type Drawn = Record<string, { view: unknown[]; preview: unknown[] }>

const drawn: Drawn = JSON.parse(readFileSync(new URL('../recorded/release-0.1.0/drawn.json', import.meta.url), 'utf8'))

beforeAll(() => loadCommands())

test.each(Object.entries(drawn))('%s', (name, { view, preview }) => {
  const command = commands.get(name)
  if (!command) throw new Error(`Requests and replies of ${name} can no longer be drawn.`)
  for (const language of ['en', 'ja'] as const) {
    const t = translator(language)
    const previews = preview.flatMap((shown) => (command.preview ? [command.preview.view(shown, t)] : []))
    const results = view.flatMap((result) => drawStored(() => command.view(result, t)) ?? [])
    const all = [...results, ...previews]
    // What changes something stands on cards. What only reads can be run again, and its button says so.
    if (command.changes) expect(results).toHaveLength(view.length)
    const text = JSON.stringify(all)
    expect(text).not.toMatch(/undefined|NaN|\[object|Invalid Date/)
    expect(text).not.toContain(t.plain('Quay stored this, which differs from what was requested.'))
  }
})
