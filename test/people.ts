import { expect } from 'vitest'

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

  /** What the person sees in a channel, the oldest first; `alice` is their direct message with the bot. */
  const sees = async (channel = 'general') => (await get<{ messages: Seen[] }>(`messages?channel=${channel}&user=${user}`)).messages
  const windows = async () => (await get<{ views: Window[] }>(`views?user=${user}`)).views

  /** Waits for the first message after `known` that comes, or for a message that is redrawn. `isNew`: not for one that is redrawn. */
  const next = async (channel: string, known: Seen[], isNew = false) => {
    const before = new Set(isNew ? known.map(({ ts }) => ts) : [])
    const drawn = new Set(known.map((one) => JSON.stringify(one)))
    let fresh: Seen | undefined
    await expect
      .poll(async () => {
        fresh = (await sees(channel)).findLast((one) => !before.has(one.ts) && !drawn.has(JSON.stringify(one)) && one.text !== '')
        return fresh !== undefined
      }, waiting)
      .toBe(true)
    if (!fresh) throw new Error('nothing was said')
    return fresh
  }

  return {
    name: user,
    sees,
    windows,
    /** Types a command and waits for the reply. */
    types: async (text: string, channel = 'general') => {
      const known = await sees(channel)
      const acked = await post('slash', { channel, text })
      expect(acked).toMatchObject({ ok: true })
      return next(channel, known, true)
    },
    /** Writes a message, to the bot or in a channel, and waits for the reply. `alice` is her direct message with the bot. */
    says: async (text: string, channel = user, thread?: string) => {
      const known = await sees(channel)
      const said = await post('say', { channel, text, ...(thread !== undefined && { thread_ts: thread }) })
      expect(said).toMatchObject({ ok: true })
      return next(channel, [...known, ...(await sees(channel)).filter(({ ts }) => ts === said.ts)])
    },
    /** Writes a message and waits for nothing. Its `ts` is in the answer. */
    writes: (text: string, channel = user, more: object = {}) => post('say', { channel, text, ...more }),
    /** Waits for a message that is not sent with a reply, such as the one that a credential is revealed from. */
    finds: async (pattern: RegExp, channel = user) => {
      let found: Seen | undefined
      await expect
        .poll(async () => {
          found = (await sees(channel)).findLast((one) => pattern.test(`${one.text} ${JSON.stringify(one.blocks)}`))
          return found !== undefined
        }, waiting)
        .toBe(true)
      if (!found) throw new Error('nothing was said')
      return found
    },
    /** Types a command that opens a modal, and waits for its fields or its refusal. */
    opens: async (text: string, channel = 'general') => {
      const known = (await windows()).map(({ id }) => id)
      expect(await post('slash', { channel, text })).toMatchObject({ ok: true })
      return settled(windows, (view) => !known.includes(view.id))
    },
    /** Types and waits for the acknowledgement alone. */
    sends: (text: string, channel = 'general') => post('slash', { channel, text }),
    /** Presses a button of a message by its label, and waits for what comes of it. */
    presses: async (label: string, message: Pick<Seen, 'ts'>, channel = 'general') => {
      const known = await sees(channel)
      expect(await post('press', { channel, ts: message.ts, label })).toMatchObject({ ok: true })
      return next(channel, known)
    },
    /** Presses without waiting for anything but the acknowledgement. */
    press: (label: string, message: Pick<Seen, 'ts'>, channel = 'general') => post('press', { channel, ts: message.ts, label }),
    /** Presses a button that opens a modal. */
    pressesToOpen: async (label: string, message: Pick<Seen, 'ts'>, channel = 'general') => {
      const known = (await windows()).map(({ id }) => id)
      expect(await post('press', { channel, ts: message.ts, label })).toMatchObject({ ok: true })
      return settled(windows, (view) => !known.includes(view.id))
    },
    /** Presses a button inside a modal and waits until the modal has changed. */
    pressesIn: async (action: string, view: Window) => {
      expect(await post('action', { view_id: view.id, action_id: action })).toMatchObject({ ok: true })
      return settled(windows, (one) => one.id === view.id && JSON.stringify(one.blocks) !== JSON.stringify(view.blocks))
    },
    /** Fills in and submits; errors under the fields come back with the modal. */
    submits: async (view: Window, values: object) => post('submit', { view_id: view.id, values }),
    /** The modal as it is now, when it says neither “One moment…” nor “Working…”. */
    looksAt: (view: Pick<Window, 'id'>) => settled(windows, (one) => one.id === view.id),
    options: (view: Window, field: string, query: string) => post('options', { view_id: view.id, field, query }),
    post,
    get,
  }
}

export type PersonAtSlack = ReturnType<typeof personAt>

const waiting = { timeout: 20_000, interval: 20 }

async function settled(windows: () => Promise<Window[]>, wanted: (view: Window) => boolean) {
  let found: Window | undefined
  await expect
    .poll(async () => {
      found = (await windows()).find(
        (view) => wanted(view) && !/One moment…|Working…|お待ちください…|処理中…/.test(JSON.stringify(view.blocks)),
      )
      return found !== undefined
    }, waiting)
    .toBe(true)
  if (!found) throw new Error('no modal')
  return found
}
