import type { IncomingMessage } from 'node:http'
import { type Fields, isFields, parsed } from './json.ts'
import { refuse } from './refusal.ts'

const limit = 20_000_000

export async function readBody(request: IncomingMessage) {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    // The body is read to its end, because otherwise the client would only see a broken connection.
    if (size <= limit) chunks.push(chunk)
  }
  if (size > limit) throw refuse('invalid_form_data')
  return Buffer.concat(chunks)
}

/** The arguments of a call, and where its token was. A JSON body counts only with the token in the header (docs/slack.md §6). */
export async function readArguments(request: IncomingMessage, body: Buffer, formOnly: boolean): Promise<{ given: Fields; token?: string }> {
  const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const kind = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  const query = Object.fromEntries(URL.parse(request.url ?? '/', 'http://slack')?.searchParams ?? [])
  if (kind === 'application/json') return { given: formOnly ? query : { ...query, ...readJson(body) }, token: header }
  const form = { ...query, ...(await readForm(request, body, kind)) }
  const { token, ...given } = form
  return { given, token: header ?? (typeof token === 'string' ? token : undefined) }
}

function readJson(body: Buffer): Fields {
  if (body.length === 0) return {}
  const value = parsed(body.toString('utf8'))
  if (typeof value === 'string') throw refuse('invalid_json')
  if (!isFields(value)) throw refuse('json_not_object')
  return value
}

async function readForm(request: IncomingMessage, body: Buffer, kind: string | undefined): Promise<Fields> {
  if (body.length === 0) return {}
  if (kind === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(body.toString('utf8')))
  if (kind === 'multipart/form-data') return readParts(request, body)
  throw refuse(kind ? 'invalid_post_type' : 'missing_post_type')
}

async function readParts(request: IncomingMessage, body: Buffer): Promise<Fields> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData()
    return Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'))
  } catch {
    throw refuse('invalid_form_data')
  }
}

/** JSON requires a charset and a form must not have one; Slack only warns. */
export function charsetWarning(request: IncomingMessage) {
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/json') && !/charset=/i.test(type)) return 'missing_charset'
  if (type.startsWith('application/x-www-form-urlencoded') && /charset=/i.test(type)) return 'superfluous_charset'
  return undefined
}
