import { redact } from '../../core/redact.ts'
import type { Answer } from './call.ts'
import type { Request } from './request.ts'
import type { Exchange } from './wire.ts'

const kept = 20_000
const credential = /token$|password|secret|authorization/i

/** Remembers what was asked and answered, credentials cut out. */
export function recorder() {
  const exchanges: Exchange[] = []
  const record = (
    at: number,
    { method, path, search, text }: Request,
    account: string | undefined,
    status: number | 'cut',
    answer: Answer,
  ) => {
    const exchange: Exchange = {
      at,
      method,
      path: path + search.replace(/token=[^&]{9,}/g, 'token=[credential]'),
      account,
      status,
    }
    if (text !== '') shownLater(exchange, 'body', text)
    if (answer.body !== undefined) shownLater(exchange, 'answer', JSON.stringify(answer.body))
    exchanges.push(exchange)
    if (exchanges.length > kept) exchanges.splice(0, exchanges.length - kept)
  }
  return { exchanges, record }
}

/** Cuts the credentials when somebody looks: nobody looks at most of what a bot asks. */
function shownLater(exchange: Exchange, name: 'body' | 'answer', text: string) {
  Object.defineProperty(exchange, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = withoutCredentials(parsed(text))
      Object.defineProperty(exchange, name, { value, enumerable: true })
      return value
    },
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A copy in which every credential, and the secret part of a notification's address, reads `[credential]`. */
export function withoutCredentials(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    if (credential.test(name) && name !== 'next_page' && name !== 'status_token') return '[credential]'
    // An archive's address may be signed.
    if (name === 'archive_url') return value.replace(/\?.*$/s, '?[credential]')
    return /^https?:\/\//.test(value) && name === 'url' ? withoutSecret(value) : redact(value)
  }
  if (Array.isArray(value)) return value.map((item) => withoutCredentials(item, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutCredentials(item, key)]))
}

/** Keeps the host, so that a reader sees where a notification goes, and drops path and query, where its token is. */
function withoutSecret(address: string) {
  return URL.canParse(address) ? `${new URL(address).origin}/[credential]` : '[credential]'
}
