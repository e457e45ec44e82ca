import { createContext, useContext, useEffect, useSyncExternalStore } from 'react'
import { useRemembered } from './remembered.ts'

export type Theme = 'light' | 'dark'

export const ThemeContext = createContext<Theme>('light')

export const useTheme = () => useContext(ThemeContext)

const prefersDark = window.matchMedia('(prefers-color-scheme: dark)')

function subscribe(hear: () => void) {
  prefersDark.addEventListener('change', hear)
  return () => prefersDark.removeEventListener('change', hear)
}

/** Dark or light: the system's preference, until a person chooses. */
export function useThemeChoice(): [Theme, () => void] {
  const system = useSyncExternalStore(subscribe, () => (prefersDark.matches ? 'dark' : 'light'))
  const [choice, setChoice] = useRemembered<Theme | ''>('theme', '')
  const theme = choice || system
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  return [theme, () => setChoice(theme === 'dark' ? 'light' : 'dark')]
}
