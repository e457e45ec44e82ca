import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from './call-body.ts'
import type { Slack } from './simulation.ts'
import { record } from './traffic.ts'
import type { StoredFile } from './workspace.ts'

/** Receives the bytes of an upload, and serves finished files. */
export async function serveFiles(slack: Slack, [what, id]: string[], request: IncomingMessage, response: ServerResponse) {
  const file = slack.workspace.files.find((one) => one.id === id)
  if (!file) return void response.writeHead(404).end()
  if (what === 'upload' && request.method === 'POST') return take(slack, file, request, response)
  if (what === 'download' && request.method === 'GET' && file.completed) return give(file, response)
  response.writeHead(404).end()
}

async function take(slack: Slack, file: StoredFile, request: IncomingMessage, response: ServerResponse) {
  const bytes = await contents(request)
  file.content = bytes
  record(slack, {
    direction: 'from bot',
    kind: 'upload',
    name: file.name,
    transport: 'http',
    request: `${bytes.length} bytes`,
    answer: 'OK',
    status: 200,
    ms: 0,
  })
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`OK - ${bytes.length}`)
}

/** The file is the whole body, or a part of a form. */
async function contents(request: IncomingMessage): Promise<Buffer> {
  const body = await readBody(request)
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return body
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  for (const [, value] of form) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer())
  return Buffer.alloc(0)
}

function give(file: StoredFile, response: ServerResponse) {
  const name = encodeURIComponent(file.name)
  // Always sent as a download: the bot's file must not run as a page of the sandbox.
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-disposition': `attachment; filename*=UTF-8''${name}` })
  response.end(file.content)
}
