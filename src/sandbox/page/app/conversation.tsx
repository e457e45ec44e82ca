import { Fragment, useEffect, useEffectEvent, useState } from 'react'
import type { Address } from './address.ts'
import { dayOf, useNow } from './blocks/dates.ts'
import { useBottom } from './bottom.ts'
import { Composer } from './composer.tsx'
import { MessageView } from './message.tsx'
import { Thread } from './thread.tsx'
import type { Channel, Confirm, Message } from './types.ts'
import { say } from './words.ts'
import { useSlashWord } from './workspace.ts'

interface Props {
  user: string
  channel: Channel
  address: Address
  confirm(question: Confirm): Promise<boolean>
}

/** A channel: its messages, the input line, and next to it the open thread. */
export function Conversation({ user, channel, address, confirm }: Props) {
  const [thread, setThread] = useState<string>()
  const now = useNow()
  const { messages, name, purpose, is_im } = channel
  const roots = messages.filter((one) => !isReply(one, messages))
  const { list, follow, show } = useBottom(roots.length)
  const arrive = useEffectEvent(show)
  // Depends on the URL, not only on its message: a person who follows a link again has scrolled away.
  useEffect(() => {
    if (address.at) arrive(address.at)
  }, [address])
  return (
    <div className={`conversation${thread ? ' with-thread' : ''}`}>
      <section className="channel" aria-label={is_im ? name : `#${name}`}>
        <header className="channel-header">
          <h2>{is_im ? name : `#${name}`}</h2>
          <p>{is_im ? say('Your direct messages with the bot') : purpose}</p>
          {!is_im && (
            <span className="members">
              {channel.members.length} {say('members')}
            </span>
          )}
        </header>
        {/* A list that grows at its end: screen readers read what comes, and nothing again. */}
        <div ref={list} className="messages" role="log" aria-label={say('Messages')} tabIndex={0}>
          {roots.length === 0 && <Empty channel={channel} />}
          {roots.map((one, index) => (
            <Fragment key={one.ts}>
              {dayOf(one.ts, now) !== dayOf(roots[index - 1]?.ts, now) && <p className="day">{dayOf(one.ts, now)}</p>}
              <MessageView
                message={one}
                place={{ user, channel: channel.id, ts: one.ts }}
                confirm={confirm}
                isShown={one.ts === address.at}
                replies={messages.filter((reply) => reply.thread_ts === one.ts && reply.ts !== one.ts).length}
                openThread={() => setThread(one.ts)}
              />
            </Fragment>
          ))}
        </div>
        <Composer user={user} channel={channel} sent={follow} />
      </section>
      {thread && <Thread key={thread} user={user} channel={channel} root={thread} confirm={confirm} close={() => setThread(undefined)} />}
    </div>
  )
}

function isReply({ thread_ts, ts }: Message, messages: Message[]) {
  return thread_ts !== null && thread_ts !== ts && messages.some((one) => one.ts === thread_ts)
}

function Empty({ channel: { is_im, name, purpose } }: { channel: Channel }) {
  return (
    <div className="empty">
      <p className="big">{is_im ? 'Quaymaster' : `# ${name}`}</p>
      <p>
        {is_im ? say('What concerns only you arrives here: outcomes, credentials, files. Commands work here without a slash.') : purpose}{' '}
        {say('Type')} <kbd>{useSlashWord()}</kbd> {say('below, or follow the tour.')}
      </p>
    </div>
  )
}
