import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

// docs/architecture.md, "Rooms and floors": an import goes down or stays in its room, types included.
const floors = [
  ['core'],
  ['quay', 'db'],
  ['slack'],
  ['context'],
  ['security'],
  ['command'],
  ['notifications'],
  ['approvals'],
  ['surfaces'],
  ['app', 'commands'],
  ['sandbox'],
  ['main'],
]
const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)))

// The page runs in a browser and imports nothing of the bot but the models that both share.
const files = globSync('src/**/*.{ts,tsx}').filter((file) => !file.startsWith('src/sandbox/page/app/') && !file.endsWith('.d.ts'))
const imports = files.flatMap((file) => importsOf(file).map((from) => ({ file, from })))

test('src/ has two files and the rooms', () => {
  const rooms = floors.flat().filter((room) => room !== 'main' && room !== 'context')
  expect(readdirSync('src').toSorted()).toEqual([...rooms, 'context.ts', 'main.ts'].toSorted())
})

test('imports go down', () => {
  const isUp = ({ file, from }: { file: string; from: string }) => {
    const [room, other] = [roomOf(file), roomOf(from)]
    return room !== other && floorAt(other) >= floorAt(room)
  }
  expect(imports.filter(({ from }) => from.startsWith('src/')).filter(isUp)).toEqual([])
})

test('no files import each other in a circle, types included', () => {
  expect(circles().map((circle) => circle.toSorted())).toEqual([])
})

test('commands know Quay, the machinery of commands and the message vocabulary, and neither Bolt nor HTTP', () => {
  const forbidden = (from: string) => /^(@slack\/bolt|undici)/.test(from) || from.startsWith('src/commands/') || from.startsWith('src/app/')
  expect(broken('src/commands/', forbidden)).toEqual([])
})

test('the API service layer of Quay imports nothing of ours but the core', () => {
  expect(broken('src/quay/', (from) => from.startsWith('src/') && !/^src\/(quay|core)\//.test(from))).toEqual([])
})

test('Bolt is met where something of Slack comes in, HTTP to Quay is spoken in src/quay/ alone, and core/network.ts has the way out', () => {
  const bolt = imports.filter(({ file, from }) => from === '@slack/bolt' && !/^src\/(app|surfaces|slack)\//.test(file))
  const http = imports.filter(({ file, from }) => from === 'undici' && !/^src\/((quay|sandbox)\/|core\/network\.ts$)/.test(file))
  expect([bolt, http]).toEqual([[], []])
})

test('process.env is read in src/core/config.ts alone, and jobs are sent by enqueue and the periodic ones alone', () => {
  expect(files.filter((file) => /process\.env\b(?!\.NODE_ENV':)/.test(read(file)) && file !== 'src/core/config.ts')).toEqual([])
  expect(files.filter((file) => /boss\s*\.send\(/.test(read(file)) && !['src/context.ts', 'src/app/jobs.ts'].includes(file))).toEqual([])
})

test('no drawers for leftovers, no classes but errors, no state hidden behind the database', () => {
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|services?|managers?)(\/|\.ts$)/.test(file))).toEqual([])
  const isError = /^(export )?(abstract )?class \w+ extends (\w*Error|NotPosted|Failure)\b/
  const classes = files.flatMap((file) => read(file).match(/^(export )?(abstract )?class .*$/gm) ?? [])
  expect(classes.filter((line) => !isError.test(line))).toEqual([])
  expect(files.filter((file) => /new WeakMap<(Bot\['db'\]|Db|PgBoss)/.test(read(file)))).toEqual([])
})

test('no file of the source is longer than 250 lines', () => {
  expect(files.filter((file) => read(file).split('\n').length > 251)).toEqual([])
})

function broken(folder: string, forbidden: (from: string) => boolean) {
  return imports.filter(({ file, from }) => file.startsWith(folder) && forbidden(from)).map(({ file, from }) => `${file} imports ${from}`)
}

function roomOf(file: string) {
  const [, room = ''] = file.split('/')
  return room.replace(/\.ts$/, '')
}

function floorAt(room: string) {
  const floor = floorOf.get(room)
  if (floor === undefined) throw new Error(`There is no room ${room}`)
  return floor
}

/** Files that reach themselves, each circle once (Tarjan). */
function circles(): string[][] {
  const next = Map.groupBy(
    imports.filter(({ from }) => files.includes(from)),
    ({ file }) => file,
  )
  const [index, low] = [new Map<string, number>(), new Map<string, number>()]
  const [stack, found]: [string[], string[][]] = [[], []]
  const visit = (file: string) => {
    index.set(file, index.size)
    low.set(file, index.size - 1)
    stack.push(file)
    for (const { from } of next.get(file) ?? []) {
      if (!index.has(from)) visit(from)
      if (stack.includes(from)) low.set(file, Math.min(low.get(file) ?? 0, low.get(from) ?? 0))
    }
    if (low.get(file) !== index.get(file)) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1) found.push(circle)
  }
  for (const file of files) if (!index.has(file)) visit(file)
  return found
}

/** Also what is imported while it runs: `await import('./serve.ts')`. */
function importsOf(file: string) {
  return [...read(file).matchAll(/(?:\bfrom |\bimport\(|^import )\s*['"]([^'"]+)['"]/gm)].map(([, from = '']) =>
    from.startsWith('.') ? normalize(join(dirname(file), from)) : from,
  )
}

function read(file: string) {
  return readFileSync(file, 'utf8')
}
