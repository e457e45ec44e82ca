import { useId } from 'react'
import { Interactive } from '../elements/interactive.tsx'
import { ofField, type Surface } from '../elements/surface.ts'
import type { Block } from '../types.ts'
import { say } from '../words.ts'

const grouping = new Set(['radio_buttons', 'checkboxes'])

/** A labeled input with its hint, and below it its error. */
export function InputBlock({ block, surface }: { block: Block; surface: Surface }) {
  const id = useId()
  const { element, label, hint, optional, block_id = '' } = block
  if (!element) return null
  const error = ofField(surface.errors, block_id)
  const described = [hint && `${id}hint`, error && `${id}error`].filter(Boolean).join(' ')
  const shared = {
    element,
    block: block_id,
    surface,
    id,
    labelled: `${id}label`,
    described,
    invalid: error !== undefined,
    required: !optional,
  }
  const title = (
    <>
      {label?.text} {optional && <span className="optional">{say('(optional)')}</span>}
    </>
  )
  return (
    <div className={`input${error ? ' wrong' : ''}`}>
      {grouping.has(element.type) ? (
        <div className="label" id={`${id}label`}>
          {title}
        </div>
      ) : (
        <label className="label" id={`${id}label`} htmlFor={id}>
          {title}
        </label>
      )}
      <Interactive {...shared} />
      {error && (
        <p className="error" id={`${id}error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className="hint" id={`${id}hint`}>
          {hint.text}
        </p>
      )}
    </div>
  )
}
