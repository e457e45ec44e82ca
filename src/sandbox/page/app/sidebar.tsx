import type { RefObject } from 'react'
import type { Address } from './address.ts'
import { Avatar, Logo } from './avatar.tsx'
import { Icon } from './icon.tsx'
import type { Channel, Person, Screen } from './types.ts'
import { say } from './words.ts'
import { useWorkspace } from './workspace.ts'

interface Props {
  address: Address
  screen: Screen | undefined
  unread: Record<string, number>
  list: RefObject<HTMLElement | null>
  go(change: Partial<Address>): void
  close(): void
}

/** The selected person, and the channels that they can open. */
export function Sidebar({ address, screen, unread, list, go, close }: Props) {
  const { people } = useWorkspace()
  const channels = screen?.channels ?? []
  const entry = (channel: Channel) => (
    <Entry
      key={channel.id}
      channel={channel}
      isOpen={channel.id === address.in || channel.name === address.in}
      count={unread[channel.id] ?? 0}
      go={go}
    />
  )
  return (
    <>
      <button type="button" className="scrim" aria-label={say('Close the list of channels')} tabIndex={-1} onClick={close} />
      <aside ref={list} className="sidebar" aria-label={say('Channels and people')}>
        <Switch as={address.as} people={people} go={go} />
        <nav aria-label={say('Channels')}>
          <h2>{say('Channels')}</h2>
          <ul>{channels.filter(({ is_im }) => !is_im).map(entry)}</ul>
          <h2>{say('Direct messages')}</h2>
          <ul>{channels.filter(({ is_im }) => is_im).map(entry)}</ul>
          <h2>{say('Apps')}</h2>
          <ul>
            <li>
              <button
                type="button"
                className="entry"
                aria-current={address.in === 'home' ? 'page' : undefined}
                onClick={() => go({ in: 'home' })}
              >
                <Icon name="home" /> {say('Home of Quaymaster')}
              </button>
            </li>
          </ul>
        </nav>
        <p className="offline">{say('Everything here runs on this machine. Nothing leaves it.')}</p>
      </aside>
    </>
  )
}

function Switch({ as, people, go }: { as: string; people: Person[]; go(change: Partial<Address>): void }) {
  const person = people.find(({ name }) => name === as)
  return (
    <div className="switch">
      <Avatar name={as} size={36} />
      <label>
        <span className="hidden">{say('You are')}</span>
        <select value={as} onChange={({ target }) => go({ as: target.value })}>
          {people.length === 0 && <option value={as}>{as}</option>}
          {people.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <span className="what">{person?.title || person?.real_name}</span>
      </label>
      <a
        className="second-window"
        href={`?as=${as === 'bea' ? 'alice' : 'bea'}`}
        target="_blank"
        rel="noopener"
        title={say('Open a second window as someone else')}
      >
        <span className="hidden">
          {say('Second window as')} {as === 'bea' ? 'alice' : 'bea'}
        </span>
        <Icon name="window" />
      </a>
    </div>
  )
}

function Entry({ channel, isOpen, count, go }: { channel: Channel; isOpen: boolean; count: number; go(change: Partial<Address>): void }) {
  const { id, name, is_im, is_ext_shared } = channel
  return (
    <li>
      <button
        type="button"
        className={`entry${count > 0 ? ' unread' : ''}`}
        aria-current={isOpen ? 'page' : undefined}
        onClick={() => go({ in: id })}
      >
        {is_im ? <Logo size={18} /> : <span aria-hidden="true">#</span>}
        <span className="name">{name}</span>
        {is_ext_shared && (
          <span className="shared" title={say('Shared with another workspace')}>
            <Icon name="shared" size={14} />
            <span className="hidden">{say(', shared with another workspace')}</span>
          </span>
        )}
        {count > 0 && (
          <span className="count">
            {count}
            <span className="hidden"> {say('unread')}</span>
          </span>
        )}
      </button>
    </li>
  )
}
