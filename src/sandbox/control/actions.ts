import { z } from 'zod'
import { aDay } from '../../core/durations.ts'
import type { Delivery } from '../slack/deliver.ts'
import { type Fields, fieldsOf, textOf } from '../slack/json.ts'
import { fieldOf } from '../slack/press.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'
import { change } from './change.ts'
import { quayFaults, slackFaults } from './faults.ts'
import { channelOf, person } from './names.ts'
import { registrySettings, settingsFrom } from './registry.ts'
import type { Route } from './route.ts'

const aYear = 366 * aDay
const consents = ['once', 'always', 'deny'] as const
const authors = ['workflow', 'app'] as const

/** Actions: POST /_control/<name>. */
export const actions: Record<string, Route | undefined> = {
  slash: async ({ slack }, given) => {
    const command = textOf(given.command)
    return told(await slack.slash({ ...place(slack, given), text: textOf(given.text), ...(command && { command }) }))
  },
  say: async ({ slack }, given) => {
    const thread_ts = textOf(given.thread_ts)
    const by = authors.find((one) => one === given.by)
    const said = { text: textOf(given.text), ...(thread_ts && { thread_ts }), ...(by && { by }) }
    const { ts } = await slack.say({ ...place(slack, given), ...said })
    return { ok: true, ts }
  },
  rewrite: async ({ slack }, given) => {
    const { ts } = await slack.rewrite({ ...place(slack, given), ts: textOf(given.ts), text: textOf(given.text) })
    return { ok: true, ts }
  },
  link: async ({ slack }, given) => {
    const { ts } = await slack.say({ ...place(slack, given), text: textOf(given.url) })
    return { ok: true, ts }
  },
  press: async ({ slack }, given) => told(await slack.press({ ...place(slack, given), ts: textOf(given.ts), ...wanted(given) })),
  action: async ({ slack }, given) => told(await slack.action({ ...who(slack, given), view_id: textOf(given.view_id), ...wanted(given) })),
  fill: async ({ slack }, given) => {
    await slack.fill({ ...who(slack, given), view_id: textOf(given.view_id), values: fieldsOf(given.values) })
    return { ok: true }
  },
  submit: async ({ slack }, given) => {
    const submitted = await slack.submit({ ...who(slack, given), view_id: textOf(given.view_id), values: fieldsOf(given.values) })
    const errors = Object.entries(submitted.errors).map(([block, sentence]) => [fieldOf(block), sentence])
    return { ...told(submitted), errors: Object.fromEntries(errors) }
  },
  close: async ({ slack }, given) =>
    told(await slack.closeView({ ...who(slack, given), view_id: textOf(given.view_id), all: given.all === true })),
  options: async ({ slack }, given) => {
    const at = given.view_id ? { ...who(slack, given), view_id: textOf(given.view_id) } : { ...place(slack, given), ts: textOf(given.ts) }
    const options = await slack.options({ ...at, field: textOf(given.field), query: textOf(given.query) })
    return { ok: true, options: options.map(plainOption) }
  },
  home: async ({ slack }, given) => told(await slack.home(who(slack, given).user)),
  shortcut: async ({ slack }, given) => {
    const at = given.channel ? { ...place(slack, given), ts: textOf(given.ts) } : who(slack, given)
    return told(await slack.shortcut({ ...at, callback_id: textOf(given.callback_id) }))
  },
  slackbot: async ({ slack }, given) => {
    const consent = consents.find((one) => one === given.consent)
    const called = { ...who(slack, given), tool: textOf(given.tool), arguments: fieldsOf(given.arguments), consent }
    return { ok: true, ...(await slack.callTool(called)) }
  },
  user: ({ slack }, given) => change(slack, person(slack, given.user), given),
  'slack/faults': ({ slack }, given) => {
    const read = slackFaults.safeParse(given)
    if (!read.success) return { ok: false, error: z.prettifyError(read.error) }
    slack.faults(Object.keys(given).length > 0 ? read.data : undefined)
    return { ok: true, faults: given }
  },
  'quay/faults': ({ quay }, given) => {
    const read = quayFaults.safeParse(given)
    if (!read.success) return { ok: false, error: z.prettifyError(read.error) }
    quay.faults((Object.keys(given).length > 0 ? read.data : undefined) as never) // faults.ts parsed it
    return { ok: true, faults: given }
  },
  'quay/registry': ({ quay }, given) => {
    const read = registrySettings.safeParse(given)
    if (!read.success) return { ok: false, error: z.prettifyError(read.error) }
    quay.set(settingsFrom(read.data))
    if (read.data.clean_up) quay.cleanUp()
    return { ok: true }
  },
  clock: async ({ slack, quay, clock }, given) => {
    const ms = Number(given.advance_ms ?? 0)
    if (!(ms >= 0 && ms <= aYear)) return { ok: false, error: 'advance_ms has to be a number from 0 to a year.' }
    await clock.advance(ms)
    slack.tick()
    await quay.tick()
    return { ok: true, now: clock.now() }
  },
  reset: async ({ slack, quay, onReset }) => {
    slack.reset()
    await quay.reset()
    await onReset?.()
    return { ok: true }
  },
}

function who(slack: SimulatedSlack, { user }: Fields) {
  return { user: person(slack, user).id }
}

function place(slack: SimulatedSlack, { user, channel }: Fields) {
  const found = person(slack, user)
  return { user: found.id, channel: channelOf(slack, channel, found).id }
}

function wanted({ action_id, label, field, value }: Fields) {
  return {
    ...(typeof action_id === 'string' && { action_id }),
    ...(typeof label === 'string' && { label }),
    ...(typeof field === 'string' && { field }),
    ...(value !== undefined && { value }),
  }
}

function plainOption({ text, value, description }: Fields) {
  return { text: textOf(fieldsOf(text).text), value, ...(description !== undefined && { description: textOf(fieldsOf(description).text) }) }
}

function told({ ok, ack_ms, ack, error }: Delivery) {
  return { ok, ack_ms, ack: ack ?? null, ...(error && { error }) }
}
