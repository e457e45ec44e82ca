import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Icon } from '../icon.tsx'
import { say } from '../words.ts'
import { useOutside } from './outside.ts'
import { described, type ElementProps, type PlainOption } from './surface.ts'
import { useFound } from './use-found.ts'

interface Props extends ElementProps {
  find(query: string): Promise<{ options: PlainOption[]; error?: string }>
  labelOf(value: string): string
}

/** A text field with a list below it: type to narrow, arrows to move, Enter to choose. For one value or several. */
export function Combobox(props: Props) {
  const { element, block, surface, find, labelOf } = props
  const several = element.type.startsWith('multi_')
  const current = surface.current(block, element)
  const chosen = (Array.isArray(current) ? current : [current ?? []]).flat().map(String)
  const list = useId()
  const [query, setQuery] = useState<string>()
  const [active, setActive] = useState(0)
  const open = query !== undefined
  const { options, error, searching } = useFound(query, find)
  const popup = useRef<HTMLDivElement>(null)
  // A modal scrolls, so the list may be below its edge.
  useEffect(() => {
    if (open && options.length > 0) popup.current?.scrollIntoView({ block: 'nearest' })
  }, [open, options])
  const box = useOutside<HTMLDivElement>(() => setQuery(undefined))

  const change = async (value: string | string[] | null) => {
    setQuery(several && open ? '' : undefined)
    if (element.confirm && !(await surface.confirm(element.confirm))) return
    surface.change(block, element, value)
  }
  const choose = ({ value }: PlainOption) =>
    change(several ? (chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]) : value)
  const search = (text: string) => {
    setQuery(text)
    setActive(0)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const option = options[active]
    if (event.key === 'ArrowDown') open ? setActive(Math.min(active + 1, options.length - 1)) : search('')
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0))
    else if (event.key === 'Enter' && open && option) void choose(option)
    else if (event.key === 'Escape' && open) setQuery(undefined)
    else if (event.key === 'Backspace' && several && !query && chosen.length > 0) void change(chosen.slice(0, -1))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="combobox" ref={box}>
      {several && <Chosen values={chosen} labelOf={labelOf} remove={(value) => void change(chosen.filter((one) => one !== value))} />}
      <input
        className="field"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && options[active] ? `${list}${active}` : undefined}
        placeholder={element.placeholder?.text ?? say('Type to search')}
        value={query ?? (several ? '' : chosen.map(labelOf).join(''))}
        onClick={() => search('')}
        onChange={({ target }) => search(target.value)}
        onKeyDown={onKeyDown}
        {...described(props)}
      />
      {!several && chosen.length > 0 && !props.required && (
        <button type="button" className="clear" aria-label={say('Clear the choice')} onClick={() => void change(null)}>
          <Icon name="close" size={12} />
        </button>
      )}
      {open && (
        <div ref={popup} className="popup options" role="listbox" id={list} aria-label={say('Suggestions')}>
          {options.map((option, index) => (
            <button
              key={option.value}
              id={`${list}${index}`}
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={chosen.includes(option.value)}
              className={`item${index === active ? ' active' : ''}`}
              ref={(item) => void (index === active && item?.scrollIntoView({ block: 'nearest' }))}
              onPointerMove={() => setActive(index)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => void choose(option)}
            >
              {option.text}
              {option.description && <small>{option.description}</small>}
            </button>
          ))}
          {options.length === 0 && (
            <div role="option" tabIndex={-1} aria-selected={false} aria-disabled className="item none">
              {error ?? (searching ? say('Searching…') : say('Nothing found.'))}
            </div>
          )}
        </div>
      )}
    </div>
  )
}

function Chosen({ values, labelOf, remove }: { values: string[]; labelOf(value: string): string; remove(value: string): void }) {
  return values.map((value) => (
    <span key={value} className="chip">
      {labelOf(value)}
      <button type="button" aria-label={`Remove ${labelOf(value)}`} onClick={() => remove(value)}>
        <Icon name="close" size={12} />
      </button>
    </span>
  ))
}
