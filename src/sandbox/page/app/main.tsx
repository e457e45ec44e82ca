import 'slack-blocks-to-jsx/dist/style.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/message.css'
import './styles/data.css'
import './styles/elements.css'
import './styles/panels.css'
import './styles/narrow.css'
import { createRoot } from 'react-dom/client'
import { Announcer } from './announce.tsx'
import { App } from './app.tsx'
import { listen } from './live.ts'
import { ThemeContext, useThemeChoice } from './theme.ts'
import { useLoadedWorkspace, WorkspaceContext } from './workspace.ts'

function Page() {
  const [theme, toggleTheme] = useThemeChoice()
  return (
    <ThemeContext value={theme}>
      <WorkspaceContext value={useLoadedWorkspace()}>
        <Announcer>
          <App toggleTheme={toggleTheme} />
        </Announcer>
      </WorkspaceContext>
    </ThemeContext>
  )
}

const root = document.getElementById('page')
if (root) createRoot(root).render(<Page />)
listen()
