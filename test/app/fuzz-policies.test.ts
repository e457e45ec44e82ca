import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadCommands } from '../../src/command/registry.ts'
import { readPolicy } from '../../src/core/policy.ts'
import { sized } from '../sized.ts'
import { seeded } from './signed.ts'

const count = sized(20, 250, 2_500)
const directory = await mkdtemp(join(tmpdir(), 'policies-'))
afterAll(() => rm(directory, { recursive: true }))
await loadCommands()

const example = readFileSync('policy.example.yml', 'utf8')
const poisons = [
  '\u0000',
  '\t',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '&a',
  '*a',
  '!!js/function',
  '!!binary x',
  '<<: *a',
  '|',
  '>',
  '%',
  '@',
  '`',
  '__proto__: 1',
  'constructor',
  'null',
  '~',
  '1e999',
  '.inf',
  '-1',
  '(a+)+$',
  '(?=x)',
  '\\1',
  'x'.repeat(5_000),
  '\n---\n',
  '\ud800',
  '\u202e',
]

function mutated(text: string, random: () => number) {
  const lines = text.split('\n')
  const pick = <Of>(all: readonly Of[]) => all[Math.floor(random() * all.length)] as Of // none is empty
  const at = Math.floor(random() * text.length)
  const line = Math.floor(random() * lines.length)
  const ways = [
    () => text.slice(0, at) + pick(poisons) + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 40)),
    () => lines.with(line, `${lines[line]} ${pick(poisons)}`).join('\n'),
    () => lines.with(line, (lines[line] ?? '').replace(/: .*$/, `: ${pick(poisons)}`)).join('\n'),
    () =>
      lines.with(line, (lines[line] ?? '').replace(/\w+:/, `${pick(['__proto__', 'constructor', 'toString', 'x', '7', ''])}:`)).join('\n'),
    () => lines.toSpliced(line, 1).join('\n'),
    () => lines.toSpliced(line, 0, lines[Math.floor(random() * lines.length)] ?? '').join('\n'),
    () => lines.with(line, `  ${lines[line]}`).join('\n'),
  ]
  return pick(ways)()
}

test(`${count} mutated policies: read, or refused with a line number each, never a crash`, () => {
  const file = join(directory, 'policy.yml')
  let refused = 0
  for (let number = 0; number < count; number += 1) {
    const text = mutated(example.replaceAll(/^(\s*)# (?=\w+:)/gm, '$1'), seeded(number))
    writeFileSync(file, text)
    const read = readPolicy(file)
    if ('policy' in read) continue
    refused += 1
    expect(read.problems.length, text).toBeGreaterThan(0)
    for (const problem of read.problems) expect(problem, text).toMatch(/^\S+policy\.yml:\d+: /)
  }
  expect(refused).toBeGreaterThan(count / 10)
})
