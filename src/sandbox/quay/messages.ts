import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, ok, param, type Route, route } from './call.ts'
import { message } from './errors.ts'
import { isSuperuser } from './rights.ts'

// Banners for everybody. Their answers are empty and call themselves text/html (recorded/message-create).

export const messageRoutes: Route[] = [
  route('GET /messages', listMessages),
  route('POST /messages', createMessage, 'SUPER_USERS'),
  route('DELETE /message/{uuid}', deleteMessage, 'SUPER_USERS'),
]

function listMessages(call: Call) {
  const { messages } = call.world.registry
  return ok({ messages: messages.map(({ uuid, content, severity, mediaType }) => ({ uuid, content, severity, media_type: mediaType })) })
}

function requireMessenger(call: Call) {
  if (isSuperuser(call)) return
  message(403, "You don't have the permission to access the requested resource. It is either read-protected or not readable by the server.")
}

function createMessage(call: Call) {
  const { message: written } = bodyOf<{ message: { content: string; media_type: string; severity: string } }>(call)
  requireMessenger(call)
  const { content, severity, media_type: mediaType } = written
  call.world.registry.messages.push({ uuid: randomUUID(), content, severity, mediaType })
  return { status: 201, html: '' }
}

function deleteMessage(call: Call) {
  requireMessenger(call)
  const { registry } = call.world
  registry.messages = registry.messages.filter(({ uuid }) => uuid !== param(call, 'uuid'))
  return { status: 204, html: '' }
}
