import { beforeAll, expect, test } from 'vitest'
import { readingOf } from '../../src/command/reading.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import sayings from '../../src/command/sayings.json' with { type: 'json' }
import { wordsOf } from '../../src/command/tokenize.ts'
import { sampled, sized } from '../sized.ts'
import { strangersPhrases } from './strangers-phrases.ts'

beforeAll(() => loadCommands())

function read(typed: string, meant: string[]) {
  const reading = readingOf(wordsOf(typed), { hosts: ['quay.example.com'], now: Date.UTC(2026, 5, 1), timeZone: 'UTC' })
  const runs = reading.kind === 'command' || reading.kind === 'understood' ? reading.name : undefined
  const candidates = 'candidates' in reading ? reading.candidates.map(({ name }) => name) : []
  // A noun alone is answered with its commands.
  const under = reading.kind === 'noun' ? [...commands.keys()].filter((name) => name.startsWith(`${reading.noun} `)) : []
  const leads = runs === undefined ? [...candidates, ...under] : [runs]
  const isRun = reading.kind === 'command' && commands.get(reading.name)?.changes !== undefined
  return { typed, runs, isRun, isFound: leads.some((name) => meant.includes(name)) }
}

// They are many.
const known = Object.entries(sayings)
  .flatMap(([names, texts]) => texts.map((typed): [string, string] => [typed, names]))
  .filter((_, index) => index % sized(36, 3, 1) === 0)

// What the bot knows that people say, and what it has never seen: the second says how it does with other people.
test.each([
  ['that are known', known, 0.98],
  ['that nobody has seen before', sampled(strangersPhrases, 4), 0.95],
])('phrases %s lead to a command that was meant, and none changes anything else', (_, all, share) => {
  const found = all.map(([typed, meant]) => read(typed, meant.split('|')))
  const missed = found.filter(({ isFound }) => !isFound)
  expect(1 - missed.length / all.length, missed.map(({ typed, runs }) => `${typed}: ${runs}`).join('\n')).toBeGreaterThanOrEqual(share)
  // What is understood only by what fits opens filled when it changes something.
  expect(missed.filter(({ isRun }) => isRun)).toEqual([])
  expect(missed.filter(({ runs }) => runs !== undefined).length / all.length, JSON.stringify(missed)).toBeLessThan(0.03)
})
