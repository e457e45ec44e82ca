import { useId } from 'react'
import { type ElementProps, optionsOf } from './surface.ts'

/** Radio buttons and checkboxes. */
export function Choices({ element, block, surface, labelled, described, invalid, required }: ElementProps) {
  const name = useId()
  const several = element.type === 'checkboxes'
  const current = surface.current(block, element)
  const chosen = Array.isArray(current) ? current.map(String) : current === null || current === undefined ? [] : [String(current)]
  const choose = (value: string) => {
    const others = chosen.filter((one) => one !== value)
    surface.change(block, element, several ? (chosen.includes(value) ? others : [...others, value]) : value)
  }
  const about = {
    className: 'choices',
    'aria-labelledby': labelled,
    'aria-label': labelled ? undefined : element.action_id,
    'aria-describedby': described || undefined,
  }
  const choices = optionsOf(element).map(({ text, value, description }) => (
    <label key={value} className="choice">
      <input type={several ? 'checkbox' : 'radio'} name={name} checked={chosen.includes(value)} onChange={() => choose(value)} />
      <span>
        {text.text}
        {description && <small>{description.text}</small>}
      </span>
    </label>
  ))
  if (several) return <fieldset {...about}>{choices}</fieldset>
  return (
    <div role="radiogroup" aria-invalid={invalid} aria-required={required} {...about}>
      {choices}
    </div>
  )
}
