import { createContext, type ReactNode, useContext, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { Answer } from './control.ts'

type Tone = 'news' | 'problem'

const AnnounceContext = createContext<(text: string, tone?: Tone) => void>(() => undefined)

/** Says something to everybody: a screen reader reads it, and a problem is shown for a while. */
export const useAnnounce = () => useContext(AnnounceContext)

const shownFor = 7000

/** Says why something that was pressed did not work; nothing when it did. */
export function useTold() {
  const announce = useAnnounce()
  return ({ ok, error }: Pick<Answer, 'ok' | 'error'>) => {
    if (!ok) announce(error === 'operation_timeout' ? 'The app did not answer in time.' : (error ?? 'That did not work.'), 'problem')
  }
}

/** The live regions of the page, and a strip for what went wrong. */
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
