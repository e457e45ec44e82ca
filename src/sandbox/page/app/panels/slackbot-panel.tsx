import { useEffect, useState } from 'react'
import type { Address } from '../address.ts'
import { useTold } from '../announce.tsx'
import { Blocks } from '../blocks/blocks.tsx'
import { get, post } from '../control.ts'
import type { Surface } from '../elements/surface.ts'
import type { Block, Fields } from '../types.ts'
import { say } from '../words.ts'
import { type Property, ToolFields, valuesFrom } from './tool-fields.tsx'

interface Tool {
  name: string
  title: string
  description: string
  inputSchema: { properties?: Record<string, Property>; required?: string[] }
}

interface Shown extends Fields {
  asks?: string
  denied?: boolean
  error?: string
  text?: string
  isError?: boolean
  blocks?: Block[]
  dropped?: string
  link?: string
}

/** Slack's Slackbot without its language model: whoever sits here picks the tool, fills it in, and consents, as Slack asks for. */
export function SlackbotPanel({ user, go }: { user: string; go(change: Partial<Address>): void }) {
  const [tools, setTools] = useState<Tool[]>([])
  const [chosen, setChosen] = useState('quay_list_tags')
  const [given, setGiven] = useState<Record<string, string>>({ repository: 'acme/api' })
  const [shown, setShown] = useState<Shown>()
  const told = useTold()
  useEffect(() => {
    void get<{ tools: Tool[] }>('slackbot').then(
      ({ tools: all }) => setTools(all),
      () => setTools([]),
    )
  }, [])
  const tool = tools.find(({ name }) => name === chosen)
  const call = async (consent?: string) => {
    const answer = await post('slackbot', {
      user,
      tool: chosen,
      arguments: valuesFrom(tool?.inputSchema.properties ?? {}, given),
      ...(consent && { consent }),
    })
    // What the app refuses is shown as Slackbot shows it; a failure of the sandbox is not.
    if (!answer.ok) told(answer)
    setShown(answer)
  }
  return (
    <>
      <p className="lead">
        {say(
          'Slackbot calls the bot’s tools for you, signed by Slack. Here you are its language model: pick a tool, fill it in, and see the answer.',
        )}
      </p>
      <select
        className="fault"
        aria-label={say('Tool')}
        value={chosen}
        onChange={({ target }) => {
          setChosen(target.value)
          setShown(undefined)
        }}
      >
        {tools.map(({ name, title }) => (
          <option key={name} value={name}>
            {title} ({name})
          </option>
        ))}
      </select>
      {tool && <p className="lead">{tool.description}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void call()
        }}
      >
        {tool && (
          <ToolFields
            properties={tool.inputSchema.properties ?? {}}
            required={tool.inputSchema.required ?? []}
            given={given}
            give={setGiven}
          />
        )}
        <button type="submit" className="button primary" disabled={!tool}>
          {say('Call the tool')}
        </button>
      </form>
      {shown && <Answer shown={shown} consent={(choice) => void call(choice)} go={go} />}
    </>
  )
}

function Answer({ shown, consent, go }: { shown: Shown; consent(choice: string): void; go(change: Partial<Address>): void }) {
  if (shown.asks !== undefined)
    return (
      <section aria-label={say('Slackbot asks')} className="card">
        <p>{shown.asks}</p>
        <div className="row">
          {Object.entries({ once: 'Allow once', always: 'Always allow', deny: 'Deny' }).map(([choice, label]) => (
            <button key={choice} type="button" className="button small" onClick={() => consent(choice)}>
              {say(label)}
            </button>
          ))}
        </div>
      </section>
    )
  if (shown.denied) return <p role="status">{say('You denied it, so nothing was called.')}</p>
  if (shown.error !== undefined) return <p role="status">{shown.error}</p>
  const place = /archives\/(\w+)\/p(\d{10})(\d{6})/.exec(shown.link ?? '')
  const blocks = shown.blocks ?? []
  return (
    <section aria-label={say('What Slackbot shows')} className="card">
      {blocks.length > 0 && <Blocks blocks={blocks} surface={deadSurface} />}
      {shown.dropped !== undefined && <p>{`${say('Slackbot drops the card:')} ${shown.dropped}`}</p>}
      {place && (
        <button type="button" className="button small" onClick={() => go({ in: place[1] ?? '', at: `${place[2]}.${place[3]}` })}>
          {say('Open the message')}
        </button>
      )}
      <details open={blocks.length === 0}>
        <summary>{say('What the language model reads')}</summary>
        <pre tabIndex={0}>{shown.text}</pre>
      </details>
    </section>
  )
}

/** None of the bot's own buttons works in a card of Slackbot's. */
const deadSurface: Surface = {
  errors: {},
  current: () => undefined,
  change: () => undefined,
  press: async () => undefined,
  options: async () => ({ options: [] }),
  confirm: async () => false,
  busy: undefined,
}
