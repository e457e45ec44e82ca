import type { MessageProps } from 'slack-blocks-to-jsx'
import { dated, useNow } from './dates.ts'
import { safe } from './safe.ts'

/** How names, dates and links are rendered inside blocks. */
export const mentions: NonNullable<MessageProps['hooks']> = {
  user: ({ id, name }) => <span className="mention">@{name || id}</span>,
  channel: ({ id, name }) => <span className="mention">#{name || id}</span>,
  usergroup: ({ id, name }) => <span className="mention">@{name || id}</span>,
  atHere: () => <span className="mention loud">@here</span>,
  atChannel: () => <span className="mention loud">@channel</span>,
  atEveryone: () => <span className="mention loud">@everyone</span>,
  date: ({ timestamp, format, fallback, link }) => {
    const time = <Moment seconds={Number(timestamp)} format={format} fallback={fallback} />
    return link ? (
      <a href={safe(link)} target="_blank" rel="noopener noreferrer">
        {time}
      </a>
    ) : (
      time
    )
  },
  link: ({ href, children }) => (
    <a href={safe(href)} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ),
}

function Moment({ seconds, format, fallback }: { seconds: number; format: string; fallback: string }) {
  const text = dated(seconds, format, useNow()) ?? fallback
  return (
    <time dateTime={new Date(seconds * 1000).toISOString()} title={fallback}>
      {text}
    </time>
  )
}
