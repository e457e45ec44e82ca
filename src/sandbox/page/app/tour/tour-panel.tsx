import type { Address } from '../address.ts'
import { Avatar } from '../avatar.tsx'
import { draftPlace, handDraft } from '../drafts.ts'
import { narrow } from '../narrow.ts'
import { say } from '../words.ts'
import { useSlashWord } from '../workspace.ts'
import type { Step } from './steps.ts'
import type { Tour } from './use-tour.ts'

interface Props {
  tour: Tour
  user: string
  go(change: Partial<Address>): void
}

/** Six steps, each with the person, the place, and what to type or press. */
export function TourPanel({ tour, user, go }: Props) {
  const { steps, current } = tour
  return (
    <div className="tour">
      <p className="lead">
        {say('Six steps, five minutes: the real bot, a strict Slack and a strict Quay. What you see is what your team will see.')}
      </p>
      <progress value={current} max={steps.length} aria-label={say('Progress of the tour')} />
      <p className="progress" role="status">
        {current === steps.length ? say('All six steps are done.') : say('Step {step} of {all}', { step: current + 1, all: steps.length })}
      </p>
      <ol>
        {steps.map((step, index) => (
          <li
            key={step.title}
            className={index < current ? 'done' : index === current ? 'now' : 'next'}
            aria-current={index === current ? 'step' : undefined}
          >
            <h3>
              {index < current && <span className="hidden">{say('Done:')} </span>}
              {say(step.title)}
            </h3>
            {index === current && <Details step={step} user={user} go={go} />}
          </li>
        ))}
      </ol>
      {current === steps.length && <ConnectYourOwn />}
      {current > 0 && (
        <button type="button" className="button default" onClick={tour.again}>
          {say('Start again')}
        </button>
      )}
    </div>
  )
}

/** Where the tour leads: the same bot with a workspace and a registry of one's own. */
function ConnectYourOwn() {
  return (
    <section className="connect" aria-label={say('Connect your own')}>
      <h3>{say('Connect your own')}</h3>
      <ol>
        <li>
          {say('Create a Slack app from')} <code>manifest.yml</code>
          {say(', and install it in your workspace.')}
        </li>
        <li>
          {say('Copy')} <code>.env.example</code> {say('to')} <code>.env</code>
          {say(', and fill in')} <code>SLACK_BOT_TOKEN</code>, <code>SLACK_APP_TOKEN</code>, <code>QUAY_URL</code> {say('and')}{' '}
          <code>QUAY_TOKEN</code>.
        </li>
        <li>
          {say('Stop the sandbox and run')} <code>npm start</code>
          {say('. The README has each step, with the scopes and why.')}
        </li>
      </ol>
    </section>
  )
}

function Details({ step, user, go }: { step: Step; user: string; go(change: Partial<Address>): void }) {
  const { as, what, press } = step
  const word = useSlashWord()
  const type = step.type && `${word} ${step.type}`
  const isThere = user === as
  const prepare = () => {
    go({ as, in: step.in, ...(narrow.matches && { panel: '' }) })
    if (type) handDraft(draftPlace(as, step.in), type)
  }
  return (
    <div className="step">
      <p>{say(what)}</p>
      <p className="who">
        <Avatar name={as} size={22} /> {say('as')} <b>{as}</b> {say('in')} <b>#{step.in}</b>
      </p>
      {type && <code className="command">{type}</code>}
      {press && (
        <p>
          {type ? say('Then press') : say('Press')} <kbd>{press}</kbd>.
        </p>
      )}
      <button type="button" className="button primary" onClick={prepare}>
        {type
          ? isThere
            ? say('Type it for me')
            : say('Become {as} and type it', { as })
          : isThere
            ? say('Go there')
            : say('Become {as}', { as })}
      </button>
    </div>
  )
}
