import { useState } from 'react'
import { useTold } from '../announce.tsx'
import { dated, useNow } from '../blocks/dates.ts'
import { post } from '../control.ts'
import { say } from '../words.ts'
import { type Build, isRunning, type Repository } from './registry.ts'

const shown = 6

/** The latest builds, with buttons to start, finish and fail one. */
export function Builds({ repositories, look }: { repositories: Repository[]; look(): void }) {
  const [chosen, setChosen] = useState('acme/api')
  const told = useTold()
  const builds = repositories
    .flatMap(({ name, builds: all }) => all.map((build) => ({ name, build })))
    .toSorted((one, other) => other.build.started - one.build.started)
    .slice(0, shown)
  const act = async (body: Record<string, unknown>) => {
    told(await post('quay/build', body))
    look()
  }
  const start = (archive: string) => act({ repository: chosen, archive_url: `https://downloads.example.com/${archive}.tar.gz` })
  return (
    <>
      <h3>{say('Builds')}</h3>
      <div className="row">
        <select aria-label={say('Repository to build')} value={chosen} onChange={({ target }) => setChosen(target.value)}>
          {repositories.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <button type="button" className="button small" onClick={() => void start('source')}>
          {say('Start a build')}
        </button>
        <button type="button" className="button small" onClick={() => void start('fail')}>
          {say('Start one that fails')}
        </button>
      </div>
      <ul className="list">
        {builds.map(({ name, build }) => (
          <li key={build.id}>
            <BuildCard name={name} build={build} act={act} />
          </li>
        ))}
      </ul>
    </>
  )
}

function BuildCard({ name, build, act }: { name: string; build: Build; act(body: Record<string, unknown>): Promise<void> }) {
  const { id, phase, started, tags, by, lines } = build
  const now = useNow()
  return (
    <>
      <b>{name}</b> <span className={`tag phase ${phase}`}>{phase}</span>
      <div>
        <small>
          {tags.join(', ')} · {dated(started / 1000, '{date_short_pretty} {time}', now)}
          {by && ` · ${by}`}
        </small>
      </div>
      {isRunning(build) && (
        <div className="row">
          <button type="button" className="button small" onClick={() => void act({ id, outcome: 'complete' })}>
            {say('Finish now')}
          </button>
          <button type="button" className="button small danger" onClick={() => void act({ id, outcome: 'error' })}>
            {say('Fail now')}
          </button>
          <button type="button" className="button small danger" onClick={() => void act({ id, outcome: 'internalerror' })}>
            {say('Break the builder')}
          </button>
        </div>
      )}
      {lines.length > 0 && (
        <details>
          <summary>{say('Log')}</summary>
          <pre tabIndex={0}>{lines.map(({ message, type }) => (type === 'phase' ? `== ${message}` : message.trimEnd())).join('\n')}</pre>
        </details>
      )}
    </>
  )
}
