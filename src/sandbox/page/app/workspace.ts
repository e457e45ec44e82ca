import { createContext, useContext, useEffect, useState } from 'react'
import { get } from './control.ts'
import type { Workspace } from './types.ts'

const none: Workspace = { people: [], apps: [], channels: [], usergroups: [], commands: [], shortcuts: [] }

/** People, groups and channels, for rendering names. */
export const WorkspaceContext = createContext<Workspace>(none)

export const useWorkspace = () => useContext(WorkspaceContext)

/** The slash command of the app, as in its manifest. */
export function useSlashWord() {
  return useWorkspace().commands[0]?.command ?? '/quay'
}

/** Read once: people and commands do not change while the page is open. */
export function useLoadedWorkspace() {
  const [workspace, setWorkspace] = useState(none)
  useEffect(() => {
    const load = async () => {
      const [people, commands] = await Promise.all([get<Workspace>('workspace'), get<Workspace>('commands')])
      setWorkspace({ ...people, ...commands })
    }
    void load().catch(() => undefined)
  }, [])
  return workspace
}
