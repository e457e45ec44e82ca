import { Fragment, useState } from 'react'
import { useLive } from '../live.ts'
import type { TrafficLine } from '../types.ts'
import { say, spoken } from '../words.ts'

const kinds = { all: 'All', slack: 'Slack', quay: 'Quay' }

/** All traffic between Slack, the bot and Quay. Credentials are cut before it is stored. */
export function TrafficPanel() {
  const [kind, setKind] = useState<string>('all')
  const [paused, setPaused] = useState<TrafficLine[]>()
  const { value } = useLive<{ lines: TrafficLine[] }>('traffic?limit=150', ['slack', 'quay'])
  const lines = (paused ?? value?.lines ?? []).filter(({ between }) => kind === 'all' || between === kind)
  return (
    <div className="traffic">
      <p className="lead">{say('Envelopes to the bot and its calls to Slack and Quay, newest first. Credentials are cut.')}</p>
      <fieldset className="row">
        <legend className="hidden">{say('What is shown')}</legend>
        {Object.entries(kinds).map(([name, label]) => (
          <button key={name} type="button" className="button small" aria-pressed={kind === name} onClick={() => setKind(name)}>
            {say(label)}
          </button>
        ))}
        <button
          type="button"
          className="button small"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused ? undefined : value?.lines)}
        >
          {say('Pause')}
        </button>
      </fieldset>
      {lines.length === 0 && <p>{say('Nothing yet. Type a command.')}</p>}
      <ul className="lines">
        {lines.map((line) => (
          <li key={line.key}>
            <Exchange line={line} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Exchange({ line: { at, between, direction, name, kind, outcome, failed, ms, request, answer } }: { line: TrafficLine }) {
  const [open, setOpen] = useState(false)
  const arrow = direction === 'to bot' ? `${between} → bot` : `bot → ${between}`
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span className={`tag ${between}`}>{arrow}</span>
        <span className="what">{breakable(name)}</span>
        <span className={failed ? 'outcome failed' : 'outcome'}>
          {outcome}
          {ms !== undefined && ` · ${ms} ms`}
        </span>
      </summary>
      {/* Drawn only when somebody looks: there are hundreds. */}
      {open && (
        <div className="bodies">
          <p>
            {new Date(at).toLocaleTimeString(spoken(), { hourCycle: 'h23' })} · {kind}
          </p>
          <Json title={say('Request')} value={request} />
          <Json title={say(direction === 'to bot' ? 'Acknowledgement' : 'Answer')} value={answer} />
        </div>
      )}
    </details>
  )
}

function Json({ title, value }: { title: string; value: unknown }) {
  const isEmpty = value === null || value === undefined || value === ''
  return (
    <>
      <h4>{title}</h4>
      {isEmpty ? <p>{say('without a body')}</p> : <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>}
    </>
  )
}

/** A path that is too long for its line breaks after a slash. */
function breakable(name: string) {
  return name.split(/(?<=[/?&])/).map((part, index) => {
    const key = `${index} ${part}`
    return (
      <Fragment key={key}>
        {part}
        <wbr />
      </Fragment>
    )
  })
}
