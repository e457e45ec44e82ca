import { useEffect } from 'react'
import { useRemembered } from './remembered.ts'
import type { Channel, Message, Screen } from './types.ts'

const none: Record<string, string> = {}

/** Number of unread messages of others, by channel. Messages on the screen count as read. */
export function useUnread(screen: Screen | undefined, open: string | undefined): Record<string, number> {
  const [read, setRead] = useRemembered<Record<string, string>>(`read by ${screen?.user ?? 'nobody'}`, none)
  const newest = lastOf(screen?.channels.find(({ id }) => id === open))
  const seen = open && read[open]
  useEffect(() => {
    if (open && newest && !document.hidden && seen !== newest) setRead((before) => ({ ...before, [open]: newest }))
  }, [open, newest, seen, setRead])
  return Object.fromEntries(
    (screen?.channels ?? []).map((one) => [one.id, one.id === open ? 0 : countAfter(one, read[one.id] ?? '0', screen?.user)]),
  )
}

const lastOf = (channel: Channel | undefined) => channel?.messages.at(-1)?.ts

function countAfter({ messages }: Channel, ts: string, user: string | undefined) {
  return messages.filter((one) => Number(one.ts) > Number(ts) && one.user !== user && marks(one, messages, user)).length
}

/**
 * Whether Slack marks the channel for it: never for what is only shown to somebody, nor for a reply in a thread in which the person
 * never wrote and is not mentioned. An edit is no new message and keeps its time.
 */
function marks({ ephemeral, ts, thread_ts, broadcast, pings }: Message, all: Message[], user: string | undefined) {
  if (ephemeral) return false
  if (thread_ts === null || thread_ts === ts || broadcast) return true
  return pings.includes(`@${user}`) || all.some((one) => (one.thread_ts ?? one.ts) === thread_ts && one.user === user)
}
