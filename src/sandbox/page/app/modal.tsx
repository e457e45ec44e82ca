import { type FormEvent, useEffect, useRef } from 'react'
import { useTold } from './announce.tsx'
import { Logo } from './avatar.tsx'
import { Blocks } from './blocks/blocks.tsx'
import { post } from './control.ts'
import { useDialog } from './elements/use-dialog.ts'
import { Icon } from './icon.tsx'
import type { Confirm, View } from './types.ts'
import { useViewSurface } from './view-surface.ts'
import { say } from './words.ts'

interface Props {
  user: string
  view: View
  depth: number
  confirm(question: Confirm): Promise<boolean>
}

/** The top modal. The browser keeps the focus inside and returns it afterwards. */
export function Modal({ user, view, depth, confirm }: Props) {
  const box = useDialog()
  const { surface, submit } = useViewSurface(user, view, confirm)
  const close = useClose(user, view.id)
  useFirstField(box, view)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (view.submit && surface.busy !== 'submit') void submit()
  }
  return (
    <dialog
      ref={box}
      className="modal"
      aria-labelledby="modal-title"
      onCancel={(event) => {
        // The bot may keep it open, so it closes only after the simulator has closed it.
        event.preventDefault()
        void close(false)
      }}
    >
      <form onSubmit={onSubmit} noValidate>
        <header>
          <Logo size={26} />
          <h2 id="modal-title">{view.title}</h2>
          {depth > 1 && (
            <span className="depth">
              {depth} {say('open')}
            </span>
          )}
          <button type="button" className="bar-button plain" aria-label={say('Close')} onClick={() => void close(true)}>
            <Icon name="close" />
          </button>
        </header>
        <div className="modal-body">
          {view.trouble && (
            <p className="trouble" role="alert">
              {view.trouble}
            </p>
          )}
          <Blocks blocks={view.blocks} surface={surface} />
        </div>
        <footer>
          <button type="button" className="button default" onClick={() => void close(false)}>
            {view.close ?? 'Close'}
          </button>
          {view.submit && (
            <button type="submit" className="button primary" aria-busy={surface.busy === 'submit'}>
              {view.submit}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  )
}

function useClose(user: string, view_id: string) {
  const closing = useRef(false)
  const told = useTold()
  return async (all: boolean) => {
    // In a date field Chromium reports Escape twice.
    if (closing.current) return
    closing.current = true
    told(await post('close', { user, view_id, all }))
    closing.current = false
  }
}

/** Focuses the first field, or the first one with an error, when they appear. */
function useFirstField(box: React.RefObject<HTMLDialogElement | null>, { blocks, errors }: View) {
  const fields = blocks.flatMap(({ type, block_id }) => (type === 'input' ? [block_id] : [])).join()
  const wrong = Object.keys(errors).join()
  useEffect(() => {
    if (fields === '') return
    const body = box.current?.querySelector('.modal-body')
    const field = wrong === '' ? undefined : body?.querySelector<HTMLElement>('[aria-invalid=true]')
    const first = field ?? body?.querySelector<HTMLElement>('input, textarea')
    first?.focus()
  }, [box, fields, wrong])
}
