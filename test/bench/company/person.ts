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

export const isToldToWait = (text: string) => /ahead of me|Too many calls|Try again|Run the command again/i.test(text)
// What the answer takes the place of.
const isNotice = (text: string) => /ahead of me|^(Working|One moment)|calls ahead|Quay takes only so many/.test(text)

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
