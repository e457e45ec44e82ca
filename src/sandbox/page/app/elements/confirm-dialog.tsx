import { useState } from 'react'
import type { Confirm } from '../types.ts'
import { useDialog } from './use-dialog.ts'

interface Asked {
  question: Confirm
  answer(yes: boolean): void
}

/** `confirm()` shows Slack's confirmation dialog and resolves with the answer. */
export function useConfirm() {
  const [asked, setAsked] = useState<Asked>()
  const confirm = (question: Confirm) =>
    new Promise<boolean>((resolve) =>
      setAsked({
        question,
        answer: (yes) => {
          setAsked(undefined)
          resolve(yes)
        },
      }),
    )
  return { confirm, dialog: asked && <ConfirmDialog {...asked} /> }
}

function ConfirmDialog({ question, answer }: Asked) {
  const box = useDialog()
  return (
    <dialog ref={box} className="confirm" aria-labelledby="confirm-title" onClose={() => answer(false)}>
      <h2 id="confirm-title">{question.title.text}</h2>
      <p>{question.text.text}</p>
      <footer>
        <button type="button" className="button default" onClick={() => answer(false)}>
          {question.deny.text}
        </button>
        <button type="button" className={`button ${question.style === 'danger' ? 'danger' : 'primary'}`} onClick={() => answer(true)}>
          {question.confirm.text}
        </button>
      </footer>
    </dialog>
  )
}
