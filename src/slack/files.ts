import { openAsBlob } from 'node:fs'
import { Failure } from '../core/failure.ts'
import type { Slack } from './clients.ts'
import { readSlackError } from './errors.ts'

type Content = { text: string } | { file: string }

/**
 * Sends a text, or a local file by its path, by direct message (scope files:write). Only the last call shows anything. If its
 * answer is lost the file counts as sent, because a second one would be a duplicate. Throws the errors of Slack's client.
 */
export async function sendFile(slack: Slack, person: string, { name, comment, ...content }: { name: string; comment: string } & Content) {
  const { channel } = await slack.files.conversations.open({ users: person })
  if (!channel?.id) throw new TypeError('Slack opened no direct message')
  const body = 'text' in content ? new Blob([content.text]) : await openAsBlob(content.file)
  const { upload_url, file_id } = await slack.files.files.getUploadURLExternal({ filename: name, length: body.size })
  await upload(slack, upload_url ?? '', body)
  try {
    const uploaded: [{ id: string; title: string }] = [{ id: file_id ?? '', title: name }]
    await slack.files.files.completeUploadExternal({ files: uploaded, channel_id: channel.id, initial_comment: comment })
  } catch (error) {
    if (readSlackError(error)?.kind !== 'lost') throw error
  }
}

const patience = 60_000

async function upload({ network }: Slack, url: string, body: Blob) {
  const sent = await network.fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(patience) }).catch((cause: unknown) => {
    throw new Failure('unavailable', 'Slack is having problems.', {}, { cause: String(cause) })
  })
  if (!sent.ok) throw new Failure('unavailable', 'Slack is having problems.', {}, { cause: `http_${sent.status}` })
}
