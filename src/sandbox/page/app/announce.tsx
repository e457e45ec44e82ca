import { createContext, type ReactNode, useContext, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { Answer } from './control.ts'
import { say } from './words.ts'

type Tone = 'news' | 'problem'

const AnnounceContext = createContext<(text: string, tone?: Tone) => void>(() => undefined)

/** Announces something to screen readers, and shows a problem for a while. */
export const useAnnounce = () => useContext(AnnounceContext)

const shownFor = 7000

/** Announces why an action failed; does nothing if it succeeded. */
export function useTold() {
  const announce = useAnnounce()
  return ({ ok, error }: Pick<Answer, 'ok' | 'error'>) => {
    if (!ok)
      announce(error === 'operation_timeout' ? say('The app did not answer in time.') : (error ?? say('That did not work.')), 'problem')
  }
}

/** The live regions of the page, and a bar for problems. */
export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ text: string; tone: Tone; over?: Element | undefined }>({ text: '', tone: 'news' })
  const timer = useRef<number>(undefined)
  const announce = (text: string, tone: Tone = 'news') => {
    setSaid({ text, tone, over: [...document.querySelectorAll('dialog[open]')].at(-1) })
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => setSaid({ text: '', tone: 'news' }), shownFor)
  }
  const problem = (
    <div className={said.tone === 'problem' && said.text ? 'toast' : 'hidden'} role="alert">
      {said.tone === 'problem' ? said.text : ''}
    </div>
  )
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="hidden" role="status" aria-live="polite">
        {said.tone === 'news' ? said.text : ''}
      </div>
      {/* What lies behind a dialog is dimmed, and nobody reads it out. */}
      {said.over?.isConnected ? createPortal(problem, said.over) : problem}
    </AnnounceContext>
  )
}
