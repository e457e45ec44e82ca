import type { Slack } from './clients.ts'

/** Sends a text as a file by direct message (scope files:write). Throws what Slack answers. */
export async function sendFile(slack: Slack, person: string, { name, text, comment }: { name: string; text: string; comment: string }) {
  const { channel } = await slack.files.conversations.open({ users: person })
  if (!channel?.id) throw new TypeError('Slack opened no direct message')
  await slack.files.filesUploadV2({ channel_id: channel.id, filename: name, content: text, initial_comment: comment })
}
