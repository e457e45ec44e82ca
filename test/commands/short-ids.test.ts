import { afterAll, beforeEach, expect, test } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { translator } from '../../src/core/i18n.ts'
import { audit } from '../../src/db/schema.ts'
import { uuidOf } from '../../src/sandbox/quay/seed-parts.ts'
import { csvOf } from '../../src/slack/lists/csv.ts'
import type { ListBlock } from '../../src/slack/message-blocks.ts'
import type { Seen } from '../people.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { table } from './table-entries.ts'
import { furnish } from './table-registry.ts'
import { asking, emergency, tableRunner } from './table-run.ts'

// Nobody reads a whole UUID: eight characters tell an object apart, are shown, and are taken back.

const started = await startBot({
  until: afterAll,
  environment: { QUAY_RATE: '1000' },
  policy: { approvals: [asking()], default: 'run', 'break-glass': [emergency()] },
})
const { bea, dora, bot, quay } = started
const restore = furnish(quay)
const { done, commandOf } = tableRunner(started)
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/

beforeEach(() => {
  restore()
  bot.cache.clear()
})

/** What a person reads of a message: not what its buttons carry, nor where its links lead. */
function read({ text, blocks }: Pick<Seen, 'text' | 'blocks'>) {
  const hidden = new Set(['value', 'url', 'action_id', 'block_id'])
  const drawn = JSON.stringify(blocks, (key, value: unknown) => (hidden.has(key) ? undefined : value))
  return `${text} ${drawn}`.replaceAll(/<https?:[^|>]*\|?/g, '')
}

const about = /^(build|trigger|notification|message|prune|immutability|service-key|request|access|mirror|subscription|logs|help)\b/

test.each(
  sampled(
    [...commands.keys()].filter((name) => about.test(name)),
    5,
  ),
)('%s shows no whole id, in its help either', async (name) => {
  const entry = table[name]
  if (!entry) throw new Error(`no line for ${name}`)
  const reply = await done(name, entry, await commandOf(name, entry))
  expect(read(reply)).not.toMatch(uuid)
  expect(read(await started.alice.types(`/quay help ${name}`))).not.toMatch(uuid)
})

test.each([
  ['build list acme/api', 'build', uuidOf('build of api latest complete')],
  ['trigger list acme/api', 'build_trigger', uuidOf('trigger of acme/api')],
  ['notification list acme/api', 'notification', uuidOf('notification')],
  ['message list', 'global_message', uuidOf('message')],
])('%s shows eight characters, and its file has the whole id', async (typed, column, id) => {
  const person = typed.startsWith('message') ? dora : bea
  const reply = await person.types(`/quay ${typed}`)
  expect(read(reply)).toContain(id.slice(0, 8))
  const [noun = '', verb = '', repository = ''] = typed.split(' ')
  const command = commands.get(`${noun} ${verb}`)
  const input = repository === '' ? {} : { repository }
  const result = await command?.run({ bot, quay: bot.quay, input, log: bot.log, rows: 20 } as never) // a list needs no more of a run
  const list = command?.view(result, translator('en')).blocks.find((block): block is ListBlock => block.type === 'list')
  if (!list) throw new Error('there is no list')
  expect(csvOf(list).split('\n')[0]).toContain(column)
  expect(csvOf(list)).toContain(id)
})

test.each([
  ['build show acme/api', uuidOf('build of api latest complete')],
  ['build logs acme/api', uuidOf('build of api latest complete')],
  ['trigger disable acme/api', uuidOf('trigger of acme/api')],
  ['notification test acme/api', uuidOf('notification')],
  ['message delete', uuidOf('message')],
])('%s takes the eight characters, in capitals too, and the audit log has the whole id', async (typed, id) => {
  const person = typed.startsWith('message') ? dora : bea
  const reply = await person.types(`/quay ${typed} ${id.slice(0, 8).toUpperCase()}`)
  if (JSON.stringify(reply.blocks).includes('preview:confirm')) await person.presses('Delete', reply)
  const rows = (await bot.db.select().from(audit).orderBy(audit.id)).filter(({ operation }) => typed.startsWith(operation))
  expect(JSON.stringify(rows.at(-1)?.input)).toContain(id)
})

test('policies are taken by a beginning too, and several that begin alike are told apart', async () => {
  const policies = quay.registry.repositories.find(({ name }) => name === 'api')?.prunePolicies ?? []
  const [policy] = policies
  if (!policy) throw new Error('acme/api has no policy')
  expect(read(await bea.types('/quay prune show acme/api'))).toContain(`\`${policy.uuid.slice(0, 8)}\``)
  const asked = await bea.types(`/quay prune delete acme/api policy=${policy.uuid.slice(0, 8)}`)
  expect(asked.text).toMatch(/^Delete the auto-prune policies of \*acme\/api\*\?/)
  policies.push({ ...policy, uuid: `${policy.uuid.slice(0, 9)}ffff${policy.uuid.slice(13)}` })
  const several = await bea.types(`/quay prune delete acme/api policy=${policy.uuid.slice(0, 8)}`)
  expect(several.text).toContain('Several IDs begin with')
  expect(several.text).toContain(policy.uuid.slice(0, 10))
  expect(several.text).toContain(`${policy.uuid.slice(0, 9)}f`)
})
