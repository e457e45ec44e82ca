import { setTimeout as wait } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { WebSocket } from 'ws'
import { type Fields, fieldsOf, textOf } from '../../../src/sandbox/slack/json.ts'
import { call, type Running, startSlack } from './start-slack.ts'

export interface RawBot {
  socket: WebSocket
  frames: Fields[]
  /** The envelopes that came, hello and farewells left out. */
  envelopes(): Fields[]
  /** What to acknowledge an envelope with; undefined acknowledges nothing at all. */
  answer: (envelope: Fields) => unknown
  close(): void
}

/** A simulated Slack and a bot without an SDK, for all tests of a file. */
export async function startConnected() {
  const running = await startSlack()
  const bot = await connect(running)
  afterAll(async () => {
    bot.close()
    await running.stop()
  })
  return { running, bot }
}

/** A bot without an SDK: one socket that acknowledges everything with an empty payload until told otherwise. */
export async function connect(running: Running): Promise<RawBot> {
  const { body } = await call(running, 'apps.connections.open', {}, running.slack.tokens.app)
  const socket = new WebSocket(textOf(body.url))
  const bot: RawBot = {
    socket,
    frames: [],
    envelopes: () => bot.frames.filter(({ envelope_id }) => envelope_id),
    answer: () => ({}),
    close: () => socket.close(),
  }
  socket.on('message', async (data) => {
    const frame = fieldsOf(JSON.parse(String(data)))
    bot.frames.push(frame)
    if (!frame.envelope_id) return
    const payload = await bot.answer(frame)
    if (payload !== undefined) socket.send(JSON.stringify({ envelope_id: frame.envelope_id, payload }))
  })
  while (!bot.frames.some(({ type }) => type === 'hello')) await wait(2)
  return bot
}

export const never = () => new Promise(() => {})

/** A trigger somebody's command gave to the bot. */
export async function trigger(running: Running, bot: RawBot, user = 'U0ALICE', channel = 'C0GENERAL') {
  await running.slack.slash({ user, channel, text: '/quay' })
  return textOf(fieldsOf(bot.envelopes().at(-1)?.payload).trigger_id)
}

export function payloadOf(envelope: Fields | undefined) {
  return fieldsOf(envelope?.payload)
}
