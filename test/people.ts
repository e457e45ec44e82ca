import { expect } from 'vitest'
import { withRows } from './table-rows.ts'

export interface Seen {
  ts: string
  thread_ts: string | null
  user: string
  text: string
  blocks: { type: string; elements?: { type: string; action_id?: string; text?: { text: string } }[]; text?: { text: string } }[]
  ephemeral: boolean
  edited: boolean
}

export interface Window {
  id: string
  title: string
  fields: Record<string, unknown>
  errors: Record<string, string>
  blocks: unknown[]
}

interface Acked {
  ok: boolean
  ack_ms: number
  ack: unknown
  error?: string
}

/** Somebody at Slack, as a test writes it: `alice.types('/quay …')`. Goes through the sandbox's control API, as curl would. */
export function personAt(origin: string, user: string) {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${origin}/_control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, ...body }),
    })
    return (await response.json()) as Acked & Record<string, unknown>
  }
  const get = async <Answer>(path: string) => (await (await fetch(`${origin}/_control/${path}`)).json()) as Answer

  /** A channel as it is, or once it is unlike a state that was seen. */
  const look = async (channel: string, unlike?: string) => {
    const { state, messages } = await get<{ state: string; messages: Seen[] }>(`messages?channel=${channel}&user=${user}${since(unlike)}`)
    return { state, messages: messages.map(withRows) }
  }
  const everything = async (channel = 'general') => (await look(channel)).messages
  /**
   * What the person sees in a channel, the oldest first; `alice` is their direct message with the bot. Without the line that a channel
   * gets with each subscription, which comes by itself beside what a test waits for; `everything` has it (notifications/noise.test.ts).
   */
  const sees = async (channel?: string) => (await everything(channel)).filter(isNoLine)
  const open = (unlike?: string) => get<{ state: string; views: Window[] }>(`views?user=${user}${since(unlike)}`)
  const windows = async () => (await open()).views

  /** Waits for the last message that is wanted. */
  const found = (channel: string, wanted: (one: Seen) => boolean, seen?: string) =>
    until(async (unlike) => {
      const { state, messages } = await look(channel, unlike)
      return { state, found: messages.filter(isNoLine).findLast(wanted) }
    }, seen)

  /** Waits for the first message after `known` that comes, or for a message that is redrawn. `isNew`: not for one that is redrawn. */
  const next = (channel: string, known: { messages: Seen[]; state?: string }, isNew = false) => {
    const before = new Set(isNew ? known.messages.map(({ ts }) => ts) : [])
    const drawn = new Set(known.messages.map((one) => JSON.stringify(one)))
    return found(channel, (one) => !before.has(one.ts) && !drawn.has(JSON.stringify(one)) && one.text !== '', known.state)
  }

  /** Waits for a modal that is wanted and says neither “One moment…” nor “Working…”. */
  const settled = (wanted: (view: Window) => boolean) =>
    until(async (unlike) => {
      const { state, views } = await open(unlike)
      return { state, found: views.find((view) => wanted(view) && !unsettled.test(JSON.stringify(view.blocks))) }
    })

  return {
    name: user,
    sees,
    everything,
    windows,
    /** Types a command and waits for the reply. */
    types: async (text: string, channel = 'general') => {
      const known = await look(channel)
      const acked = await post('slash', { channel, text })
      expect(acked).toMatchObject({ ok: true })
      return next(channel, known, true)
    },
    /** Writes a message, to the bot or in a channel, and waits for the reply. `alice` is her direct message with the bot. */
    says: async (text: string, channel = user, thread?: string) => {
      const known = await sees(channel)
      const said = await post('say', { channel, text, ...(thread !== undefined && { thread_ts: thread }) })
      expect(said).toMatchObject({ ok: true })
      const own = (await sees(channel)).filter(({ ts }) => ts === said.ts)
      return next(channel, { messages: [...known, ...own] })
    },
    /** Writes a message and waits for nothing. Its `ts` is in the answer. */
    writes: (text: string, channel = user, more: object = {}) => post('say', { channel, text, ...more }),
    /** Waits for a message that is not sent with a reply, such as the one that a credential is revealed from. */
    finds: (pattern: RegExp, channel = user) => found(channel, (one) => pattern.test(`${one.text} ${JSON.stringify(one.blocks)}`)),
    /** Types a command that opens a modal, and waits for its fields or its refusal. */
    opens: async (text: string, channel = 'general') => {
      const known = (await windows()).map(({ id }) => id)
      expect(await post('slash', { channel, text })).toMatchObject({ ok: true })
      return settled((view) => !known.includes(view.id))
    },
    /** Types and waits for the acknowledgement alone. */
    sends: (text: string, channel = 'general') => post('slash', { channel, text }),
    /** Presses a button of a message by its label, and waits for what comes of it. */
    presses: async (label: string, message: Pick<Seen, 'ts'>, channel = 'general') => {
      const known = await look(channel)
      expect(await post('press', { channel, ts: message.ts, label })).toMatchObject({ ok: true })
      return next(channel, known)
    },
    /** Presses without waiting for anything but the acknowledgement. */
    press: (label: string, message: Pick<Seen, 'ts'>, channel = 'general') => post('press', { channel, ts: message.ts, label }),
    /** Presses a button that opens a modal. */
    pressesToOpen: async (label: string, message: Pick<Seen, 'ts'>, channel = 'general') => {
      const known = (await windows()).map(({ id }) => id)
      expect(await post('press', { channel, ts: message.ts, label })).toMatchObject({ ok: true })
      return settled((view) => !known.includes(view.id))
    },
    /** Presses a button inside a modal and waits until the modal has changed. */
    pressesIn: async (action: string, view: Window) => {
      expect(await post('action', { view_id: view.id, action_id: action })).toMatchObject({ ok: true })
      return settled((one) => one.id === view.id && JSON.stringify(one.blocks) !== JSON.stringify(view.blocks))
    },
    /** Fills in and submits; errors under the fields come back with the modal. */
    submits: async (view: Window, values: object) => post('submit', { view_id: view.id, values }),
    /** The modal as it is now, when it says neither “One moment…” nor “Working…”. */
    looksAt: (view: Pick<Window, 'id'>) => settled((one) => one.id === view.id),
    options: (view: Window, field: string, query: string) => post('options', { view_id: view.id, field, query }),
    post,
    get,
  }
}

export type PersonAtSlack = ReturnType<typeof personAt>

const longest = 20_000
const aboutSubscribing = /^\w+ subscribed this channel to |^This channel is no longer subscribed to /
const unsettled = /One moment…|Working…|お待ちください…|処理中…/

function isNoLine({ text }: Seen) {
  return !aboutSubscribing.test(text)
}

function since(unlike: string | undefined) {
  return unlike === undefined ? '' : `&unlike=${unlike}`
}

/** Looks again whenever something has changed since `seen`, until it is there. */
async function until<Found>(look: (unlike?: string) => Promise<{ state: string; found: Found | undefined }>, seen?: string) {
  const end = Date.now() + longest
  for (let unlike = seen; ; ) {
    const { state, found } = await look(unlike)
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error('what is waited for does not come')
    unlike = state
  }
}
