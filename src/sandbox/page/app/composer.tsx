import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { post } from './control.ts'
import { draftAt, draftPlace, useDraft, writeDraft } from './drafts.ts'
import { Icon } from './icon.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { mentioned, type Suggestion, suggested } from './suggestions.ts'
import type { Channel } from './types.ts'
import { say } from './words.ts'
import { useWorkspace } from './workspace.ts'

interface Props {
  user: string
  channel: Channel
  thread?: string
  sent?: () => void
}

/** The input line for messages and slash commands, with suggestions as in Slack. Arrow up restores the last line. */
export function Composer({ user, channel, thread, sent }: Props) {
  const workspace = useWorkspace()
  const [active, setActive] = useState(-1)
  const [dismissed, setDismissed] = useState(false)
  const [problem, setProblem] = useState('')
  const last = useRef('')
  const input = useRef<HTMLTextAreaElement>(null)
  const list = useId()
  const draft = draftPlace(user, channel.name, thread)
  const begin = () => {
    setActive(-1)
    setDismissed(false)
    setProblem('')
  }
  const text = useDraft(draft, () => {
    begin()
    input.current?.focus()
  })
  const fitting = [...(thread ? [] : suggested(text, workspace)), ...(channel.is_im ? [] : mentioned(text, workspace))]
  const options = dismissed ? [] : fitting
  const place = channel.is_im ? 'quaymaster' : `#${channel.name}`

  const change = (next: string) => {
    writeDraft(draft, next)
    begin()
  }
  const choose = ({ insert }: Suggestion) => {
    change(insert)
    input.current?.focus()
  }
  const dismiss = () => {
    setActive(-1)
    setDismissed(true)
  }
  const send = async () => {
    const line = text.trim()
    if (!line) return
    // Slack's client keeps commands of apps out of threads.
    if (thread && line.startsWith('/')) return setProblem(`${line.split(/\s/)[0]} is not supported in threads. Sorry!`)
    last.current = line
    change('')
    sent?.()
    const body = { user, channel: channel.id, text: line, ...(thread && { thread_ts: thread }) }
    const { ok, error } = await post(line.startsWith('/') ? 'slash' : 'say', body)
    // Slackbot's answer to a failed command is already in the channel.
    if (ok || !error || !/ /.test(error)) return
    setProblem(error)
    // Nothing was sent. If the person has typed something else since, arrow up restores the line.
    if (draftAt(draft) === '') writeDraft(draft, line)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const option = options[active] ?? (event.key === 'Tab' ? options[0] : undefined)
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' && options.length > 0) setActive((active + 1) % options.length)
    else if (event.key === 'ArrowUp' && options.length > 0 && text !== '') setActive((active <= 0 ? options.length : active) - 1)
    else if (event.key === 'ArrowUp' && text === '') change(last.current)
    else if ((event.key === 'Enter' && !event.shiftKey && option) || (event.key === 'Tab' && option && !event.shiftKey)) choose(option)
    else if (event.key === 'Enter' && !event.shiftKey) void send()
    else if (event.key === 'Escape' && options.length > 0) dismiss()
    else return
    event.preventDefault()
  }
  if (channel.read_only) return <p className="composer usage">{say('Sending messages to this app has been turned off.')}</p>
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {options.length > 0 && <Suggestions id={list} options={options} active={active} choose={choose} />}
      <div className="line">
        <textarea
          ref={input}
          rows={1}
          value={text}
          role="combobox"
          aria-label={thread ? say('Reply') : say('Message to {place}', { place })}
          aria-expanded={options.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 ? `${list}${active}` : undefined}
          placeholder={thread ? say('Reply…') : say('Message {place}, or type / for commands', { place })}
          onChange={({ target }) => change(target.value)}
          onKeyDown={onKeyDown}
        />
        {!thread && <Shortcuts user={user} />}
        <button type="submit" className="button primary send" disabled={text.trim() === ''}>
          <Icon name="send" />
          <span className="hidden">{say('Send')}</span>
        </button>
      </div>
    </form>
  )
}

function Suggestions({
  id,
  options,
  active,
  choose,
}: {
  id: string
  options: Suggestion[]
  active: number
  choose(one: Suggestion): void
}) {
  return (
    <div className="suggestions" role="listbox" id={id} aria-label={say('Commands')}>
      {options.map((option, index) => (
        <button
          key={option.insert}
          id={`${id}${index}`}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={`item${index === active ? ' active' : ''}`}
          ref={(item) => void (index === active && item?.scrollIntoView({ block: 'nearest' }))}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(option)}
        >
          <b>{option.title}</b> <span>{option.about}</span>
        </button>
      ))}
    </div>
  )
}
