import type { Address } from '../address.ts'
import { Avatar } from '../avatar.tsx'
import { useLive } from '../live.ts'
import { say } from '../words.ts'
import { useSlashWord } from '../workspace.ts'

interface About {
  people: { name: string; what: string }[]
  examples: string[]
}

/** The output of `npm start`: the people, and three lines for a shell. */
export function AboutPanel({ go }: { go(change: Partial<Address>): void }) {
  const { value } = useLive<About>('about', [])
  return (
    <div className="about">
      <p>
        <b>{say('mode: sandbox.')}</b>{' '}
        {say(
          'The real bot, against a simulated Slack and a simulated Quay that refuse what the real ones refuse. Nothing leaves this machine, and nothing is kept when it stops. To connect your own Slack and Quay, see the README.',
        )}
      </p>
      <h3>{say('You can be')}</h3>
      <ul className="people">
        {value?.people.map(({ name, what }) => (
          <li key={name}>
            <Avatar name={name} size={28} />
            <span>
              <b>{name}</b> {what}
            </span>
            <button type="button" className="button small" onClick={() => go({ as: name })}>
              {say('Be')} {name}
            </button>
          </li>
        ))}
      </ul>
      <h3>{say('Failures to try')}</h3>
      <p>
        {say('A name in a command makes the registry fail:')} <code>quay-503</code>, <code>quay-429</code>, <code>quay-slow</code>,{' '}
        <code>quay-cut-answer</code>
        {say(', as in')} <code>{useSlashWord()} repo create acme/quay-503</code>
        {say('. More of them are in the Registry panel.')}
      </p>
      <h3>{say('The same from a shell')}</h3>
      {value?.examples.map((example) => (
        <pre key={example} tabIndex={0}>
          {example}
        </pre>
      ))}
    </div>
  )
}
