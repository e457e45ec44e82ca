import { setTimeout as sleep } from 'node:timers/promises'

interface Seen {
  ts: string
  text: string
}

/** What came of something typed or pressed. */
export interface Heard {
  /** The answer, and everything that was said before it. */
  text: string
  said: string[]
  ts: string
  /** Milliseconds until the answer. */
  took: number
}

// What the answer takes the place of.
const isNotice = (text: string) => /^(Many people are using Quay|Working|One moment)/.test(text)
export const isToldToRetry = (text: string) => /try again|run the command again/i.test(text)
export const isToldToWait = (text: string) => isNotice(text) || isToldToRetry(text)

/** Somebody of the company at Slack: in the channel that is theirs, or in their direct message with the bot. `every`: how often they look, in milliseconds. */
export function personIn(origin: string, name: string, { every = 50, own = name } = {}) {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${origin}/_control/${path}`, { method: 'POST', body: JSON.stringify({ user: name, ...body }) })
    return (await response.json()) as { ok: boolean; error?: string } & Record<string, unknown>
  }
  const get = async <Answer>(path: string) => (await (await fetch(`${origin}/_control/${path}`)).json()) as Answer
  const sees = async (channel = own) => (await get<{ messages: Seen[] }>(`messages?channel=${channel}&user=${name}`)).messages

  /** Waits for the answer to what `begin` does. */
  async function hears(begin: () => Promise<{ ok: boolean; error?: string }>, channel = own, limit = 300_000): Promise<Heard> {
    const known = new Set((await sees(channel)).map((one) => JSON.stringify(one)))
    const started = performance.now()
    const { ok, error } = await begin()
    if (!ok) throw new Error(error ?? 'not acknowledged')
    const said = new Set<string>()
    while (performance.now() - started < limit) {
      const fresh = (await sees(channel)).filter((one) => !known.has(JSON.stringify(one)) && one.text !== '')
      for (const { text } of fresh) said.add(text)
      // Where it is told how long it takes.
      if (channel !== name) for (const { text } of (await sees(name)).filter((one) => isNotice(one.text))) said.add(text)
      const answer = fresh.findLast(({ text }) => !isNotice(text))
      if (answer) return { text: answer.text, said: [...said], ts: answer.ts, took: performance.now() - started }
      await sleep(every)
    }
    throw new Error(`${name} heard nothing`)
  }

  return {
    name,
    own,
    sees,
    get,
    post,
    hears,
    types: (text: string, channel = own) => hears(() => post('slash', { channel, text: text.replace('/quay ', '') }), channel),
    press: (label: string, ts: string, channel = own) => post('press', { channel, ts, label }),
  }
}

export type PersonInCompany = ReturnType<typeof personIn>
