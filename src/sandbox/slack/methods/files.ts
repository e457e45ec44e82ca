import { destination } from '../channels.ts'
import { type Fields, isFields, textOf } from '../json.ts'
import { post, readContent, structured } from '../messages.ts'
import { botUser } from '../people.ts'
import { invalidArguments, refuse } from '../refusal.ts'
import { nextId, type Slack, seconds } from '../simulation.ts'
import type { StoredFile } from '../workspace.ts'
import type { Method } from './method.ts'

const scopes = ['files:write']

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': { scopes, perMinute: 100, formOnly: true, required: ['filename', 'length'], run: begin },
  'files.completeUploadExternal': { scopes, perMinute: 100, required: ['files'], run: complete },
  'files.info': { scopes: ['files:read'], perMinute: 100, formOnly: true, required: ['file'], run: info },
  'files.upload': { scopes, perMinute: 20, run: retired },
}

function begin(slack: Slack, given: Fields) {
  const size = Number(given.length)
  if (!Number.isInteger(size) || size < 1) throw invalidArguments('must be greater than 0 [json-pointer:/length]')
  if (size > 1_000_000_000) throw refuse('file_upload_size_restricted')
  const name = textOf(given.filename)
  const file: StoredFile = {
    id: nextId(slack, 'F'),
    name,
    title: name,
    user: botUser,
    size,
    created: seconds(slack),
    channels: [],
    completed: false,
  }
  slack.workspace.files.push(file)
  return { upload_url: `${slack.origin()}/slack-sim/files/upload/${file.id}`, file_id: file.id }
}

function complete(slack: Slack, given: Fields) {
  const listed = structured(given.files)
  if (!Array.isArray(listed) || !listed.every(isFields) || listed.length === 0)
    throw invalidArguments('must provide an array [json-pointer:/files]')
  const files = listed.map(({ id, title }) => uploaded(slack, id, title))
  const channels = [textOf(given.channel_id), ...textOf(given.channels).split(',')].filter(Boolean)
  if (channels.length > 100) throw refuse('channels_limit_exceeded')
  const content = readContent(slack, { text: given.initial_comment ?? '', blocks: given.blocks })
  for (const name of channels) {
    // Unlike in chat.postMessage, a person's id is not a channel here.
    const channel = destination(slack, /^[UW]/.test(name) ? '' : name)
    for (const file of files) file.channels.push(channel.id)
    const thread = textOf(given.thread_ts)
    const message = post(slack, { channel: channel.id, ...(thread && { thread_ts: thread }) }, content)
    message.files = files.map(fileObject)
  }
  for (const file of files) file.completed = true
  slack.changed()
  return { files: files.map(fileObject) }
}

function uploaded({ workspace }: Slack, id: unknown, title: unknown): StoredFile {
  const file = workspace.files.find((one) => one.id === id)
  if (!file || file.completed) throw refuse('file_not_found')
  // Completing an upload before all bytes have arrived fails.
  if (file.content?.length !== file.size) throw refuse('file_update_failed')
  file.title = textOf(title) || file.name
  return file
}

function fileObject({ content: _content, completed: _completed, ...file }: StoredFile): Fields {
  return { ...file, mimetype: 'text/plain', filetype: file.name.split('.').pop() ?? '', mode: 'hosted', is_external: false }
}

function info({ workspace }: Slack, given: Fields) {
  const file = workspace.files.find(({ id, completed }) => id === given.file && completed)
  if (!file) throw refuse('file_not_found')
  return { file: fileObject(file) }
}

// Slack has retired this method; a client that still uses it must notice.
function retired(): never {
  throw refuse('method_deprecated')
}
