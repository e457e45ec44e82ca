import { type Fields, fieldsOf, isFields, textOf } from '../slack/json.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'
import { errorsShown, fieldsShown } from '../slack/submit.ts'
import { findUser, type Message, type StoredFile, type View, type Workspace } from '../slack/workspace.ts'
import { nameOf } from './names.ts'

/** A message as its reader sees it. */
export function shownMessage({ workspace }: SimulatedSlack, message: Message, viewer: string): Fields {
  const { ts, thread_ts, user, text, blocks, attachments, files, reactions, only_for, changed, failed_for, reply_broadcast } = message
  return {
    ts,
    thread_ts: thread_ts ?? null,
    user: findUser(workspace, user)?.name ?? user,
    text,
    blocks: blocks ?? [],
    ...(attachments && { attachments }),
    ...(files && { files }),
    ...(reactions && { reactions }),
    pings: pings(workspace, message),
    ephemeral: only_for !== undefined,
    edited: (changed ?? 0) > 0,
    broadcast: reply_broadcast === true,
    ...(failed_for?.includes(viewer) && { failed: true }),
  }
}

/** The people and groups that a message mentions, with `@here` and `@channel`. If there are blocks they count; plain text mentions nobody. */
function pings({ users, usergroups }: Workspace, { text, blocks }: Message): string[] {
  const texts = blocks?.length ? spoken(blocks) : [text]
  const called = texts.flatMap((one) => [...one.matchAll(/<(?:@(\w+)|!subteam\^(\w+)|!(here|channel|everyone))(?:\|[^<>]*)?>/g)])
  const names = called.map(([, user, group, everybody]) => {
    if (everybody) return everybody
    return user ? (users.find(({ id }) => id === user)?.name ?? user) : (usergroups.find(({ id }) => id === group)?.handle ?? group ?? '')
  })
  return [...new Set(names)].map((name) => `@${name}`)
}

function spoken(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(spoken)
  if (!isFields(value)) return []
  if (value.type === 'mrkdwn' || value.type === 'markdown') return [textOf(value.text)]
  return Object.values(value).flatMap(spoken)
}

/** A modal or App Home as its person sees it, with the present values of its fields. */
export function shownView(view: View): Fields {
  return {
    id: view.id,
    type: view.type,
    callback_id: view.callback_id,
    title: textOf(fieldsOf(view.title).text),
    submit: view.submit ? textOf(view.submit.text) : null,
    close: view.close ? textOf(view.close.text) : null,
    fields: fieldsShown(view),
    errors: errorsShown(view),
    trouble: view.trouble ?? null,
    blocks: view.blocks,
  }
}

const shownInline = 100_000

/** A file, with its text if it is short. */
export function shownFile(slack: SimulatedSlack, file: StoredFile): Fields {
  const { id, name, title, size, created, channels, content } = file
  return {
    id,
    name,
    title,
    size,
    created,
    channels: channels.map((one) => nameOf(slack, one)),
    url: `/slack-sim/files/download/${id}`,
    ...(size <= shownInline && { content: content?.toString('utf8') }),
  }
}
