import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { missingFields, readWords, usageOf } from '../../src/command/arguments.ts'
import { effectsOf } from '../../src/command/command.ts'
import { reserved } from '../../src/command/field-names.ts'
import { fieldsOf } from '../../src/command/fields.ts'
import { findCommand, loadCommands } from '../../src/command/registry.ts'
import { wordsOf } from '../../src/command/tokenize.ts'

const operations = await loadCommands()
const all = [...operations]

test('every file under operations is a command, and its path is its words', () => {
  const paths = globSync('**/*.ts', { cwd: 'src/commands' }).map((file) => file.replace(/\.ts$/, '').replaceAll('/', ' '))
  expect([...operations.keys()].toSorted()).toEqual(paths.toSorted())
})

test.each(all)('%s: its examples begin with it and parse', (name, operation) => {
  expect(operation.examples.length).toBeGreaterThan(0)
  for (const example of operation.examples) {
    const found = findCommand(wordsOf(example))
    expect(found?.name).toBe(name)
    const { given } = readWords(operation, found?.words ?? [])
    expect(
      missingFields(operation, given)
        .filter(({ secret }) => !secret)
        .map((field) => field.name),
    ).toEqual([])
    expect(operation.input.safeParse(given).error?.issues ?? []).toEqual([])
  }
})

const leaf = new Set(['string', 'number', 'integer', 'boolean'])

test.each(all)('%s: its input keeps the rules that the modal, the syntax and the help depend on', (_, operation) => {
  expect(operation.input).toBeInstanceOf(z.ZodObject)
  const schema = z.toJSONSchema(operation.input, { io: 'input' }) as {
    properties?: Record<string, Record<string, unknown>>
    additionalProperties?: boolean
  }
  expect(schema.additionalProperties).toBe(false)
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    const items = property.items as { type?: string } | undefined
    expect(leaf.has(String(property.type)) || (property.type === 'array' && items?.type === 'string'), field).toBe(true)
    expect(property, field).not.toHaveProperty('anyOf')
    expect(property, field).not.toHaveProperty('id')
    expect(reserved, field).not.toContain(field)
    expect(field, field).toMatch(/^[a-z][a-z_]*$/)
  }
  const unchecked = fieldsOf(operation).filter((field) => !field.advanced || field.required)
  expect(unchecked.length, 'fields that are always shown').toBeLessThanOrEqual(8)
})

test.each(all)('%s: its needs are about its own fields, and a field of a need says what it names', (_, operation) => {
  if (typeof operation.permissions === 'string') return
  expect(operation.permissions.length).toBeGreaterThan(0)
  for (const { on } of operation.permissions) expect(fieldsOf(operation).find((field) => field.name === on)?.of, on).toBeDefined()
})

const effects = ['creates', 'makes-public', 'grants', 'destroys', 'overwrites', 'reveals', 'runs-code', 'changes-limits']

test.each(all.filter(([, { changes }]) => changes))('%s: it says what it does to the world, for its first example', (_, operation) => {
  const { given } = readWords(operation, findCommand(wordsOf(operation.examples[0] ?? ''))?.words ?? [])
  const input = operation.input.parse(given)
  for (const effect of effectsOf(operation, input)) expect(effects).toContain(effect)
  if (effectsOf(operation, input).includes('destroys'))
    expect(operation.preview, 'what destroys is shown before it is pressed').toBeDefined()
})

test('usage lines of all commands', () => {
  expect(all.map(([name, operation]) => usageOf(name, operation)).join('\n')).toMatchSnapshot()
})
