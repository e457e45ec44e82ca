import { ErrorCode, type WebClientOptions } from '@slack/web-api'
import { readSlackError, type SlackError } from './errors.ts'

/** A call of Slack's Web API that has ended. */
export interface SlackCall {
  /** Such as `chat.postMessage`; `other` for what is no method: response URLs, the bytes of a file. */
  method: string
  /** `ok`, or what kind of error Slack answered. */
  outcome: 'ok' | SlackError['kind']
  seconds: number
}

export type SlackObserver = (call: SlackCall) => void

type Fetch = NonNullable<WebClientOptions['fetch']>

/** The same `fetch`, whose calls to the API at `url` are told to `observe`, every repetition included. */
export function observed(fetch: Fetch, url: string, observe: SlackObserver): Fetch {
  return async (to, init) => {
    const began = performance.now()
    const method = methodOf(String(to), url)
    const tell = (outcome: SlackCall['outcome']) => observe({ method, outcome, seconds: (performance.now() - began) / 1_000 })
    try {
      const response = await fetch(to, init)
      // The body is read here, because Slack answers most of its errors with 200.
      const text = await response.text()
      tell(outcomeOf(method, response.status, text))
      const { ok, status, statusText, headers } = response
      const bytes = async () => new TextEncoder().encode(text).buffer
      return {
        ok,
        status,
        statusText,
        headers,
        url: response.url,
        text: async () => text,
        json: async () => JSON.parse(text),
        arrayBuffer: bytes,
      }
    } catch (error) {
      tell(readSlackError({ code: ErrorCode.RequestError, original: error })?.kind ?? 'lost')
      throw error
    }
  }
}

function methodOf(to: string, url: string) {
  return to.startsWith(url) ? (to.slice(url.length).split(/[/?]/)[0] ?? '') : 'other'
}

function outcomeOf(method: string, status: number, text: string): SlackCall['outcome'] {
  if (status === 429) return 'limited'
  if (status >= 500) return 'lost'
  // A response URL that is used up is no call that somebody must mend.
  if (method === 'other') return status >= 400 ? 'gone' : 'ok'
  if (status >= 400) return 'refused'
  try {
    const data = JSON.parse(text) as { ok?: boolean; error?: string } // only these two are read, and compared
    return data.ok ? 'ok' : (readSlackError({ code: ErrorCode.PlatformError, data })?.kind ?? 'refused')
  } catch {
    return 'lost'
  }
}
