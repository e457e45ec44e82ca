import { useEffect, useRef } from 'react'
import { useBottom } from './bottom.ts'
import { Composer } from './composer.tsx'
import { giveBack } from './elements/give-back.ts'
import { Icon } from './icon.tsx'
import { MessageView } from './message.tsx'
import type { Channel, Confirm } from './types.ts'
import { say } from './words.ts'

interface Props {
  user: string
  channel: Channel
  root: string
  confirm(question: Confirm): Promise<boolean>
  close(): void
}

/** A message and the replies below it. */
export function Thread({ user, channel, root, confirm, close }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const before = document.activeElement
    heading.current?.focus()
    return () => leave(before)
  }, [])
  const { list, follow } = useBottom(channel.messages.length)
  const messages = channel.messages.filter((one) => one.ts === root || one.thread_ts === root)
  return (
    <section className="thread" aria-label={say('Thread')} onKeyDown={({ key }) => key === 'Escape' && close()}>
      <header className="channel-header">
        <h2 ref={heading} tabIndex={-1}>
          {say('Thread')}
        </h2>
        <button type="button" className="bar-button plain" aria-label={say('Close the thread')} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div ref={list} className="messages" role="log" aria-label={say('Replies')} tabIndex={0}>
        {messages.map((one) => (
          <MessageView key={one.ts} message={one} place={{ user, channel: channel.id, ts: one.ts }} confirm={confirm} />
        ))}
      </div>
      <Composer user={user} channel={channel} thread={root} sent={follow} />
    </section>
  )
}

/** Returns the focus to what opened the thread, or to the input line, unless it has moved elsewhere. */
function leave(before: Element | null) {
  if (document.activeElement !== document.body || giveBack(before)) return
  document.querySelector<HTMLElement>('.composer textarea')?.focus()
}
