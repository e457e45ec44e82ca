import { useTold } from '../announce.tsx'
import { post } from '../control.ts'
import type { Fields } from '../types.ts'
import { say } from '../words.ts'
import type { Registry } from './registry.ts'

const member = ['super:user', 'org:admin', 'repo:admin', 'repo:create', 'user:admin']
const all = [...member.slice(0, 2), 'user:admin', 'user:read', 'repo:create', 'repo:admin', 'repo:write', 'repo:read']

const tokens: Record<string, string[]> = {
  'The bot’s token has all scopes': all,
  'The bot’s token has the scopes of the README': ['super:user', 'user:admin', 'user:read'],
  'The bot’s token has the scopes for a member of admin teams': member,
  'The bot’s token has super:user alone': ['super:user'],
}

const logs: Record<string, string> = {
  'Usage logs in the database': 'database',
  'Usage logs in Splunk': 'splunk',
  'Usage logs in a Splunk without search': 'splunk without search',
}

/** The simulated release of Quay, and the access of the bot. */
export function Settings({ registry, look }: { registry: Registry; look(): void }) {
  const told = useTold()
  const { release, releases, superusersFullAccess, bot, organizations, logsIn, redisAnswers } = registry
  const set = async (settings: Fields) => {
    told(await post('quay/registry', settings))
    look()
  }
  const token = Object.keys(tokens).find((name) => sorted(tokens[name]) === sorted(bot.scopes))
  return (
    <>
      <h3>{say('Which Quay')}</h3>
      <p className="lead">
        {say('This applies from the next call on. What the bot already knows about the registry may stay in use for a while.')}
      </p>
      <Choice
        name="Quay release"
        options={Object.fromEntries(releases.map((one) => [one === 'newest' ? say('The newest Quay') : `Quay ${one}`, one]))}
        chosen={release}
        choose={(value) => void set({ release: value })}
      />
      <Choice
        name="What superusers can do"
        options={{ 'Superusers have full access': 'on', 'Superusers have no full access (Quay’s default)': 'off' }}
        chosen={superusersFullAccess ? 'on' : 'off'}
        choose={(value) => void set({ full_access: value === 'on' })}
      />
      <Choice
        name="Scopes of the bot’s token"
        options={Object.fromEntries(Object.keys(tokens).map((name) => [say(name), name]))}
        chosen={token ?? ''}
        choose={(value) => void set({ scopes: tokens[value] })}
      />
      <Choice name="Where usage logs are" options={logs} chosen={logsIn} choose={(value) => void set({ logs_in: value })} />
      <Choice
        name="Whether Redis answers"
        options={{ 'Redis answers': 'yes', 'Redis does not answer: running builds cannot be loaded': 'no' }}
        chosen={redisAnswers ? 'yes' : 'no'}
        choose={(value) => void set({ redis_answers: value === 'yes' })}
      />
      <fieldset>
        <legend>{say('The bot’s user is in the admin team of')}</legend>
        {organizations.map(({ name }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={bot.adminOf.includes(name)}
              onChange={({ target }) =>
                void set({ admin_of: target.checked ? [...bot.adminOf, name] : bot.adminOf.filter((one) => one !== name) })
              }
            />{' '}
            {name}
          </label>
        ))}
      </fieldset>
    </>
  )
}

const sorted = (scopes: string[] = []) => scopes.toSorted().join(' ')

interface ChoiceProps {
  name: string
  /** Label → value. */
  options: Record<string, string>
  chosen: string
  choose(value: string): void
}

/** A value that curl has set is shown as it is. */
function Choice({ name, options, chosen, choose }: ChoiceProps) {
  const isKnown = Object.values(options).includes(chosen)
  return (
    <select className="fault" aria-label={say(name)} value={chosen} onChange={({ target }) => choose(target.value)}>
      {Object.entries(options).map(([label, value]) => (
        <option key={value} value={value}>
          {say(label)}
        </option>
      ))}
      {!isKnown && <option value={chosen}>{chosen || say('Set with curl')}</option>}
    </select>
  )
}
