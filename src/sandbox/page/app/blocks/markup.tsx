import { Fragment, type MouseEvent, type ReactNode } from 'react'
import { useVisit } from '../address.ts'
import { useWorkspace } from '../workspace.ts'
import { dated, useNow } from './dates.ts'
import { type Part, type Piece, parseMarkup } from './parse-markup.ts'
import { safe } from './safe.ts'

/** Renders Slack's markup. The renderer of blocks is not used, because it turns escaped text into mentions and drops colons. */
export function Markup({ text }: { text: string }) {
  return <div className="markup">{listed(parseMarkup(text), (part) => drawn(part))}</div>
}

function drawn(part: Part) {
  if (part.kind === 'code') return <pre>{part.text}</pre>
  const pieces = <Pieces pieces={part.pieces} />
  return part.kind === 'quote' ? <blockquote>{pieces}</blockquote> : <p>{pieces}</p>
}

function Pieces({ pieces }: { pieces: Piece[] }) {
  return listed(pieces, (piece) => <Drawn piece={piece} />)
}

/** The index is the key of a token, because tokens have no identity and a changed text is rendered again. */
function listed<Kind extends Part | Piece>(all: Kind[], draw: (one: Kind) => ReactNode) {
  return all.map((one, index) => {
    const key = `${index} ${one.kind}`
    return <Fragment key={key}>{draw(one)}</Fragment>
  })
}

function Drawn({ piece }: { piece: Piece }) {
  const { people, apps, channels, usergroups } = useWorkspace()
  switch (piece.kind) {
    case 'text':
      return piece.text
    case 'code':
      return <code>{piece.text}</code>
    case 'bold':
      return (
        <b>
          <Pieces pieces={piece.inside} />
        </b>
      )
    case 'italic':
      return (
        <i>
          <Pieces pieces={piece.inside} />
        </i>
      )
    case 'strike':
      return (
        <s>
          <Pieces pieces={piece.inside} />
        </s>
      )
    case 'person':
      return <span className="mention">@{[...people, ...apps].find(({ id }) => id === piece.id)?.name ?? (piece.label || piece.id)}</span>
    case 'channel':
      return <Place id={piece.id}>#{channels.find(({ id }) => id === piece.id)?.name ?? (piece.label || piece.id)}</Place>
    case 'group':
      return <span className="mention">@{usergroups.find(({ id }) => id === piece.id)?.handle ?? (piece.label || piece.id)}</span>
    case 'everybody':
      return <span className="mention loud">{piece.text}</span>
    case 'link':
      return <Link href={piece.href}>{piece.text}</Link>
    case 'date':
      return <Moment {...piece} />
  }
}

function Moment({ seconds, format, href, text }: { seconds: number; format: string; href: string; text: string }) {
  const shown = dated(seconds, format, useNow())
  const time = shown === undefined ? text : <time title={text}>{shown}</time>
  return href ? <Link href={href}>{time}</Link> : time
}

function Place({ id, children }: { id: string; children: ReactNode }) {
  const visit = useVisit()(id)
  if (!visit) return <span className="mention">{children}</span>
  return (
    <button type="button" className="mention" onClick={() => visit()}>
      {children}
    </button>
  )
}

/** A link; one to a message of this workspace opens the message, as in Slack's client. */
function Link({ href, children }: { href: string; children: ReactNode }) {
  const [, channel = '', seconds = '', rest = ''] = /^https:\/\/[\w-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(href) ?? []
  const visit = useVisit()(channel)
  const onClick = (event: MouseEvent) => {
    if (!visit) return
    event.preventDefault()
    visit(`${seconds}.${rest}`)
  }
  return (
    <a href={safe(href)} target="_blank" rel="noopener noreferrer" onClick={onClick}>
      {children}
    </a>
  )
}
