import { useTold } from './announce.tsx'
import { Avatar } from './avatar.tsx'
import { Blocks } from './blocks/blocks.tsx'
import { clockOf, dated, useNow } from './blocks/dates.ts'
import { Markup } from './blocks/markup.tsx'
import { withEmoji } from './blocks/parse-markup.ts'
import { post } from './control.ts'
import { Files } from './files.tsx'
import { Icon } from './icon.tsx'
import { useKeptFocus } from './kept-focus.ts'
import { useMessageSurface } from './message-surface.ts'
import type { Confirm, Message } from './types.ts'
import { say } from './words.ts'
import { useWorkspace } from './workspace.ts'

interface Props {
  message: Message
  place: { user: string; channel: string; ts: string }
  confirm(question: Confirm): Promise<boolean>
  replies?: number
  /** A link led to this message. */
  isShown?: boolean
  openThread?: () => void
}

const apps = new Set(['quaymaster', 'slackbot'])

/** A message as its reader sees it, updated when the bot changes it. */
export function MessageView({ message, place, confirm, replies = 0, isShown = false, openThread }: Props) {
  const { user, ts, ephemeral, edited, failed } = message
  const seconds = Number(ts)
  const kept = useKeptFocus<HTMLElement>()
  return (
    <article
      {...kept}
      className={`message${ephemeral ? ' ephemeral' : ''}${isShown ? ' shown' : ''}`}
      aria-label={`${user}, ${clockOf(ts)}`}
      data-ts={ts}
      tabIndex={isShown ? -1 : undefined}
    >
      <Avatar name={user} />
      <div className="said">
        {ephemeral && (
          <p className="only-you">
            <Icon name="eye" size={15} /> {say('Only visible to you')}
          </p>
        )}
        <header>
          <b>{user}</b>
          {apps.has(user) && <span className="app">APP</span>}
          <time dateTime={new Date(seconds * 1000).toISOString()} title={dated(seconds, '{date_long} {time_secs}', useNow())}>
            {clockOf(ts)}
          </time>
        </header>
        <Body message={message} place={place} confirm={confirm} />
        {edited && <span className="edited">{say('(edited)')}</span>}
        {failed && (
          <p className="failed" role="alert">
            {say('This app did not respond. Try again.')}
          </p>
        )}
        {replies > 0 && (
          <button type="button" className="replies" onClick={openThread}>
            {replies} {replies === 1 ? 'reply' : 'replies'}
          </button>
        )}
      </div>
      {!ephemeral && openThread && <Tools place={place} openThread={openThread} />}
    </article>
  )
}

function Body({ message: { text, blocks, attachments, files, reactions }, place, confirm }: Props) {
  const surface = useMessageSurface(place, confirm)
  return (
    <>
      {blocks.length > 0 ? <Blocks blocks={blocks} surface={surface} /> : text && <Markup text={text} />}
      {attachments?.map((one) => (
        <div key={JSON.stringify(one)} className="attachment">
          {one.blocks ? <Blocks blocks={one.blocks} surface={surface} /> : <Markup text={one.text ?? one.fallback ?? ''} />}
        </div>
      ))}
      {files && <Files files={files} user={place.user} />}
      {reactions?.map(({ name, count }) => (
        <span key={name} className="reaction">
          {withEmoji(`:${name}:`)} {count}
        </span>
      ))}
    </>
  )
}

function Tools({ place, openThread }: { place: Props['place']; openThread: () => void }) {
  const { shortcuts } = useWorkspace()
  const told = useTold()
  const run = async (callback_id: string) => told(await post('shortcut', { ...place, callback_id }))
  return (
    <div className="tools">
      <button type="button" className="button small" onClick={openThread}>
        <Icon name="reply" size={15} /> {say('Reply in thread')}
      </button>
      {shortcuts
        .filter(({ type }) => type === 'message')
        .map(({ name, callback_id }) => (
          <button key={callback_id} type="button" className="button small" onClick={() => void run(callback_id)}>
            {name}
          </button>
        ))}
    </div>
  )
}
