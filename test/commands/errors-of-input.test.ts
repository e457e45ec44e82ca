import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Command } from '../../src/command/command.ts'
import { type Field, fieldsOf } from '../../src/command/fields.ts'
import { checkInput, readInput } from '../../src/command/input.ts'
import { loadCommands } from '../../src/command/registry.ts'
import { noTyping } from '../../src/command/tidy.ts'
import { Failure } from '../../src/core/failure.ts'
import { translator } from '../../src/core/i18n.ts'
import ja from '../../src/core/languages/ja.json' with { type: 'json' }
import pending from '../../src/core/languages/pending.json' with { type: 'json' }
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const commands = [...(await loadCommands())]
const { alice, bot } = await startBot({ until: afterAll })
// What is not translated yet is listed, and read in English (test/core/language.test.ts).
const japanese: Record<string, string> = { ...ja, ...pending }

/** Wrong values of every kind that somebody may send, whatever the field takes. */
const wrong: [kind: string, value: unknown][] = [
  ['empty', ''],
  ['white space', ' \t '],
  ['too long', 'x'.repeat(10_000)],
  ['of another type', { a: 1 }],
  ['a number', 12.5],
  ['a huge number', 1e300],
  ['negative', -1],
  ['yes', true],
  ['a list', ['a', 'a/../b', '']],
  ['a long list', Array.from({ length: 500 }, (_, index) => `x${index}`)],
  ['null', null],
  ['an unknown option', 'frobnicate'],
  ['a bad day', '2026-02-30'],
  ['NUL', 'a\u0000b'],
  ['a control character', 'a\u001bb'],
  ['a lone surrogate', 'a\ud800b'],
  ['an emoji', '✨🚀'],
  ['right to left', '\u202eمرحبا'],
  ['zero width inside', 'acme/we\u200bb'],
  ['a path', '../../etc/passwd'],
  ['markup', '<!channel> *x* {y} {z, plural, other {#}}'],
]

// The sentences of zod's own locales, which are for programmers.
const validators = /Invalid|Too (?:small|big)|expected |Unrecognized|received|無効な|である必要|より(?:大きい|小さい)|認識されていない/
const told = fieldsToTry(commands)

test('there are fields of every type to try', () => {
  expect(new Set(told.map(({ field }) => field.type))).toEqual(
    new Set(['string', 'number', 'boolean', 'date', 'choice', 'list', 'choices']),
  )
})

test.each(sampled(told, 3))(
  '$name, $field.name: whatever is wrong with it is said in our words, in English and in Japanese',
  async ({ name, command, field }) => {
    // `npm test` tries a seventh of them in one of the languages, and so with every third field.
    const turn = told.findIndex((one) => one.field === field && one.name === name)
    for (const language of sampled(['en', 'ja'] as const, 2, turn)) {
      const t = translator(language)
      for (const [kind, value] of sampled(wrong, 7, turn)) {
        const partial = { ...command, input: z.strictObject(command.input.shape).partial() }
        const refusal = await refused(partial, { [field.name]: value }, language)
        const accepts = refusal === undefined
        const under = checkInput(partial, { [field.name]: value }, noTyping)
        expect(Object.keys(under).length > 0, `${kind}: a modal says the same`).toBe(!accepts)
        for (const { message, values } of accepts ? [] : [refusal.sentence, ...Object.values(refusal.fields), ...Object.values(under)]) {
          const said = t.plain(message, values)
          expect(said, `${name} ${field.name} ${kind}`).not.toMatch(validators)
          expect(said, `${name} ${field.name} ${kind}`).toMatch(/[.。!?:]$|^.{0,90}: .+|\/quay /su)
          expect(said).not.toContain('\u0000')
          if (language === 'ja' && /[a-z]{4} [a-z]{2,} /.test(message)) expect(japanese[message], message).toBeDefined()
        }
        // `acme/web` for an organization may be a team of it, and then the team is wrong.
        const labels = fieldsOf(command).map(({ label }) => t.plain(label))
        const text = refusal && t.plain(refusal.sentence.message, refusal.sentence.values)
        if (text !== undefined) expect(labels.filter((label) => text.startsWith(`${label}:`))).not.toEqual([])
      }
    }
  },
)

test('a refusal says what was typed, what is expected, and gives an example', async () => {
  expect((await alice.types('/quay repo visibility acme/api secret')).text).toBe(
    'Visibility: Choose one of these: private, public. You typed “secret”. Example: /quay repo visibility acme/web public',
  )
  expect((await alice.types('/quay logs export repo acme/api 2026-02-30 2026-03-01')).text).toMatch(
    /^From: Enter a day, such as 2026-12-24, tomorrow or friday\. You typed “2026-02-30”\. Example: \/quay logs export repo/,
  )
})

function fieldsToTry(all: [string, Command][]) {
  return all.flatMap(([name, command]) => fieldsOf(command).map((field: Field) => ({ name, command, field })))
}

async function refused(command: Command, given: Record<string, unknown>, language: 'en' | 'ja') {
  try {
    await readInput(bot, command, given, { language, timeZone: 'Asia/Tokyo' })
    return undefined
  } catch (error) {
    if (error instanceof Failure && error.code === 'invalid') return error
    throw error
  }
}
