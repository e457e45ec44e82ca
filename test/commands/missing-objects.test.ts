import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readWords } from '../../src/command/arguments.ts'
import { type Field, fieldsOf } from '../../src/command/fields.ts'
import { commands, findCommand } from '../../src/command/registry.ts'
import { wordsOf } from '../../src/command/tokenize.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { table } from './table-entries.ts'
import { furnish } from './table-registry.ts'
import { asking, emergency } from './table-run.ts'

// Whatever a command is asked about may not be there. Each of its fields in turn names something that is missing, as somebody who
// may see everything and as the person of the table; what they read names it. `npm test` tries one of the people with every fifth.

const started = await startBot({
  until: afterAll,
  environment: { QUAY_RATE: '1000' },
  policy: { approvals: [asking()], default: 'run', 'break-glass': [emergency()] },
})
const { quay, bot } = started
const restore = furnish(quay)
const typing = { hosts: [], now: Date.now(), timeZone: 'UTC' }

beforeEach(() => {
  restore()
  bot.cache.clear()
})

const absent: Record<string, string[]> = {
  repository: ['acme/absent', 'absent/absent'],
  namespace: ['absent'],
  team: ['absent'],
  robot: ['acme+absent', 'absent+absent'],
  tag: ['absent'],
  user: ['absent'],
}
const absentIds = ['deadbeef', 'deadbeef-0000-4000-8000-000000000000']

function absentFor({ of, id, name }: Field): string[] {
  if (id === 'request') return ['absent']
  if (id) return absentIds
  return name === 'target' ? ['acme/absent', 'absent'] : (absent[of ?? ''] ?? [])
}

/** The commands of the table, with one of their objects missing. */
const tries = [...commands].flatMap(([name, command]) => {
  const entry = table[name]
  const words = (entry?.words ?? '').replace(/REQUEST|GRANT/, 'absent')
  const read = findCommand(wordsOf(`${name} ${words}`))
  const given = read ? readWords(read.command, read.words, typing).given : {}
  return fieldsOf(command).flatMap((field) =>
    absentFor(field).map((value, nth) => {
      const input = { ...given, [field.name]: value }
      const typed = Object.entries(input).map(([key, one]) => `${key}="${[one].flat().join(',')}"`)
      return {
        name,
        field: field.name,
        value,
        by: entry?.by ?? 'dora',
        typed: `/quay ${name} ${typed.join(' ')}`,
        channel: entry?.channel,
        nth,
      }
    }),
  )
})

/** What is only looked for in a list, is made if it is missing, or is asked for later: nothing of it is refused. */
const notRefused = [
  /^access list object/,
  /^audit list account/,
  /^logs (repo )?actor/,
  /^mirror create robot/,
  /^repo create (admins|writers|readers)/,
  /^request delegate/,
  /^team (add|remove) members/,
  /^break-glass/,
  /^permission default delete creator/,
]

describe.each(sampled(tries, 5))('$name $field=$value', ({ by, typed, value, channel, name, field, nth }) => {
  const isRefused = !notRefused.some((pattern) => pattern.test(`${name} ${field}`))

  const people = [...new Set(['dora', by, 'alice'] as const)]
  test.each(sampled(people, people.length, nth + name.length))('%s reads which one is missing, or which permission', async (person) => {
    const { text } = await started[person].types(typed, channel)
    expect(text).not.toMatch(/nothing with that name|no such/)
    if (!isRefused || /^You need |must belong to/.test(text)) return
    expect(text).toContain(value.split(/[+]/)[0])
    if (value.endsWith('/absent')) expect(text).not.toMatch(/has no|is not/)
  })
})

test('a person who may not see it reads the same of what is missing as of what is there', async () => {
  const commandsOfRepository = ['repo show', 'tag list', 'build list', 'permission list', 'trigger list', 'prune show', 'logs repo']
  for (const name of commandsOfRepository) {
    const [there, missing] = [
      await started.alice.types(`/quay ${name} globex/secret`),
      await started.alice.types(`/quay ${name} globex/absent`),
    ]
    expect(missing.text.replace('absent', 'secret')).toBe(there.text)
  }
})
