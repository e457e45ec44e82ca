import { type Address, panels } from './address.ts'
import { Logo } from './avatar.tsx'
import { Icon } from './icon.tsx'
import { useTheme } from './theme.ts'
import { say } from './words.ts'

interface Props {
  connected: boolean
  panel: string
  drawer: boolean
  go(change: Partial<Address>): void
  toggleTheme(): void
  toggleDrawer(): void
}

/** The title, the state of the bot, and the buttons of the panels. */
export function TopBar({ connected, panel, drawer, go, toggleTheme, toggleDrawer }: Props) {
  const theme = useTheme()
  return (
    <header className="top-bar">
      <button
        type="button"
        className="bar-button drawer-button"
        aria-expanded={drawer}
        aria-label={say('Channels and people')}
        onClick={toggleDrawer}
      >
        <Icon name="menu" size={20} />
      </button>
      <Logo />
      <h1>Quaymaster</h1>
      <span className="mode">{say('mode: sandbox')}</span>
      <span className={`connection${connected ? ' on' : ''}`} role="status">
        {connected ? say('bot connected') : say('bot not connected')}
      </span>
      <nav aria-label={say('Panels')}>
        {Object.entries(panels).map(([name, label]) => (
          <button
            key={name}
            type="button"
            className="bar-button"
            aria-pressed={panel === name}
            onClick={() => go({ panel: panel === name ? '' : name })}
          >
            {say(label)}
          </button>
        ))}
      </nav>
      <button
        type="button"
        className="bar-button theme"
        aria-label={theme === 'dark' ? say('Light colors') : say('Dark colors')}
        onClick={toggleTheme}
      >
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
    </header>
  )
}
