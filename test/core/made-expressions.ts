// Loads every module of the source tree, and writes what they make with `new RegExp` meanwhile, and where: JSON, in the last line.
import { glob } from 'node:fs/promises'
import type { Expression } from './expressions.ts'

const all: Expression[] = []
const Original = globalThis.RegExp

function note([source, flags]: unknown[]) {
  const file = /\/(src\/(?!.*node_modules)[\w/.-]+\.ts)/.exec((new Error().stack ?? '').split('\n').slice(3, 5).join('\n'))?.[1]
  if (file && typeof source === 'string') all.push({ file, source, flags: typeof flags === 'string' ? flags : '' })
}

globalThis.RegExp = new Proxy(Original, {
  construct(target, words, self) {
    note(words)
    return Reflect.construct(target, words, self)
  },
  apply(target, self, words) {
    note(words)
    return Reflect.apply(target, self, words)
  },
})
const files = await Array.fromAsync(glob('src/**/*.ts'))
const entries = /^src\/(?:main|app\/run|sandbox\/page\/app\/.*|sandbox\/start\/.*|.*\.d)\.ts$/
for (const file of files) if (!entries.test(file)) await import(`../../${file}`)
globalThis.RegExp = Original
process.stdout.write(`\n${JSON.stringify(all)}`, () => process.exit(0))
