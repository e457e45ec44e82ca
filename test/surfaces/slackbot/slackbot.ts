import { createHmac } from 'node:crypto'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

interface At {
  origin: string
  slack: { tokens: { signingSecret: string } }
  bot: { slack: { team: string } }
  clock: { now: () => number }
}

export interface Answer {
  content: { type: string; text: string }[]
  isError?: boolean
  _meta?: { slack?: { blocks?: { type: string }[] } }
}

/** Slack's signature, as it stands beside a body. */
export function signedHeaders(secret: string, body: string, timestamp: string | number) {
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signature,
  }
}

/** A call of a tool as Slackbot sends it, for a person of the workspace. */
export function callBody(name: string, given: object, slack: object | undefined, id: number | string = 2) {
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name, arguments: given, ...(slack && { _meta: { slack } }) },
  })
}

let calls = 0

/** Slackbot beside the bot: signs what it sends, and calls tools for people, with the person's consent already given. */
export function slackbotAt({ origin, slack, bot, clock }: At) {
  const url = `${origin}/mcp/slack`
  const secret = slack.tokens.signingSecret
  const now = () => Math.floor(clock.now() / 1000)
  const post = (body: string, headers: Record<string, string> = signedHeaders(secret, body, now())) =>
    fetch(url, { method: 'POST', headers, body })
  const identity = (user: string) => ({ user_id: user, team_id: bot.slack.team })
  const call = async (user: string, name: string, given: object = {}): Promise<Answer> => {
    calls += 1
    const response = await post(callBody(name, given, identity(user), calls))
    const text = await response.text()
    const line = text.split('\n').find((one) => one.startsWith('data:'))
    const { result, error } = JSON.parse(line?.slice(5) ?? text) as { result?: Answer; error?: { message: string } }
    if (!result) throw new Error(`${response.status} ${error?.message}`)
    return result
  }
  /** The protocol's own client, in one of its eras, signed as Slack signs. */
  const client = async (user: string, era: 'legacy' | 'modern') => {
    const signing = async (to: string | URL, init: RequestInit = {}) => {
      const message = JSON.parse(String(init.body ?? '{}')) as { params?: { _meta?: object } }
      // Slack adds the person to what its client sends, and signs the whole.
      if (message.params) message.params._meta = { ...message.params._meta, slack: identity(user) }
      const body = JSON.stringify(message)
      const headers = { ...Object.fromEntries(new Headers(init.headers)), ...signedHeaders(secret, body, now()) }
      return init.method === 'POST' ? fetch(to, { ...init, headers, body }) : fetch(to, init)
    }
    const options = era === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {}
    const made = new Client({ name: 'slackbot', version: '1.0.0' }, options as object)
    await made.connect(new StreamableHTTPClientTransport(new URL(url), { fetch: signing }))
    return made
  }
  return { url, secret, now, post, identity, call, client }
}

/** The data behind the first sentence of an answer. */
export function dataOf({ content }: Answer): Record<string, unknown> {
  const [, ...rest] = content[0]?.text.split('\n') ?? []
  return JSON.parse(rest.join('\n') || '{}')
}
