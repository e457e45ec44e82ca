import type { Slack } from './clients.ts'

type Content = { text: string } | { file: string }

/** Sends a text, or a file of ours by its path, as a file by direct message (scope files:write). Throws what Slack answers. */
export async function sendFile(slack: Slack, person: string, { name, comment, ...content }: { name: string; comment: string } & Content) {
  const { channel } = await slack.files.conversations.open({ users: person })
  if (!channel?.id) throw new TypeError('Slack opened no direct message')
  const what = 'text' in content ? { content: content.text } : { file: content.file }
  await slack.files.filesUploadV2({ channel_id: channel.id, filename: name, initial_comment: comment, ...what })
}
