import { useLive } from '../live.ts'
import { say } from '../words.ts'
import { Builds } from './builds.tsx'
import { Faults } from './faults.tsx'
import type { Registry, Repository } from './registry.ts'
import { Settings } from './settings.tsx'

/** The simulated Quay: its contents, and actions in it. */
export function RegistryPanel() {
  const { value: registry, look } = useLive<Registry>('registry', ['quay'])
  if (!registry) return <p className="loading">{say('Loading…')}</p>
  const { repositories, organizations, users } = registry
  return (
    <div className="registry">
      <p className="lead">
        {say('This is Quay itself, without the bot. Builds started here reach the bot as they would from a real registry.')}
      </p>
      <Builds repositories={repositories} look={look} />
      <Settings registry={registry} look={look} />
      <Faults />
      <h3>{say('Repositories')}</h3>
      <ul className="list">
        {repositories.map((one) => (
          <li key={one.name}>
            <RepositoryCard repository={one} />
          </li>
        ))}
      </ul>
      <h3>{say('Teams')}</h3>
      <ul className="list">
        {organizations.map(({ name, teams }) => (
          <li key={name}>
            <b>{name}</b>
            <ul>
              {teams.map((team) => (
                <li key={team.name}>
                  {team.name} <span className="tag">{team.role}</span> {team.members.join(', ') || say('no members')}
                  {team.synced && ` · ${say('synchronized with {group}', { group: team.synced })}`}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <h3>{say('Users')}</h3>
      <p className="accounts">
        {users
          .map(
            ({ name, superuser, enabled }) =>
              `${name}${superuser ? ` (${say('superuser')})` : ''}${enabled ? '' : ` (${say('disabled')})`}`,
          )
          .join(', ')}
      </p>
    </div>
  )
}

function RepositoryCard({ repository: { name, visibility, state, description, tags } }: { repository: Repository }) {
  return (
    <>
      <b>{name}</b> <span className={`tag ${visibility}`}>{visibility}</span>
      {state !== 'NORMAL' && <span className="tag">{state.toLowerCase()}</span>}
      {description && <div>{description}</div>}
      <small>{tags.length === 0 ? say('no tags') : tags.slice(0, 8).join(', ') + (tags.length > 8 ? ' …' : '')}</small>
    </>
  )
}
