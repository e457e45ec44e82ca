import { described, type ElementProps } from './surface.ts'

const types: Record<string, string> = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' }

/** Date, time, or both, with the browser's own calendar. */
export function Picker(props: ElementProps) {
  const { element, block, surface } = props
  const isBoth = element.type === 'datetimepicker'
  const current = surface.current(block, element)
  const shown = isBoth && typeof current === 'number' ? local(current) : String(current ?? '')
  const choose = async (text: string) => {
    if (element.confirm && !(await surface.confirm(element.confirm))) return
    const value = isBoth && text ? Math.floor(new Date(text).getTime() / 1000) : text
    surface.change(block, element, value === '' ? null : value)
  }
  return (
    <input
      className="field"
      type={types[element.type]}
      value={shown}
      onChange={(event) => void choose(event.target.value)}
      {...described(props)}
    />
  )
}

function local(seconds: number) {
  const date = new Date(seconds * 1000)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
