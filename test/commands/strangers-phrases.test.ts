import { beforeAll, expect, test } from 'vitest'
import { readingOf } from '../../src/command/reading.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { wordsOf } from '../../src/command/tokenize.ts'
import { strangersPhrases } from './strangers-phrases.ts'

beforeAll(() => loadCommands())

function read(typed: string) {
  const reading = readingOf(wordsOf(typed), { hosts: ['quay.example.com'], now: Date.UTC(2026, 5, 1), timeZone: 'UTC' })
  const runs = reading.kind === 'command' || reading.kind === 'understood' ? reading.name : undefined
  const candidates = 'candidates' in reading ? reading.candidates.map(({ name }) => name) : []
  // A noun alone is answered with its commands.
  const under = reading.kind === 'noun' ? [...commands.keys()].filter((name) => name.startsWith(`${reading.noun} `)) : []
  return { kind: reading.kind, runs, leads: runs === undefined ? [...candidates, ...under] : [runs] }
}

test('at least 95 of 100 phrases of people who know no command lead to one that they mean', () => {
  const missed = strangersPhrases.filter(([typed, meant]) => !read(typed).leads.some((name) => meant.split('|').includes(name)))
  expect(missed.length / strangersPhrases.length, missed.map(([typed]) => typed).join('\n')).toBeLessThan(0.05)
})

test('no such phrase changes something else, and hardly one reads something else', () => {
  const wrong = strangersPhrases.flatMap(([typed, meant]) => {
    const { kind, runs } = read(typed)
    return runs === undefined || meant.split('|').includes(runs) ? [] : [{ typed, runs, kind }]
  })
  // What is understood only by what fits opens filled when it changes something.
  expect(wrong.filter(({ runs, kind }) => kind === 'command' && commands.get(runs)?.changes)).toEqual([])
  expect(wrong.length / strangersPhrases.length, JSON.stringify(wrong)).toBeLessThan(0.03)
})
