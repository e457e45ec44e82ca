import { described, type ElementProps } from './surface.ts'

const types: Record<string, string> = { email_text_input: 'email', url_text_input: 'url', number_input: 'text' }

/** Text, number or URL, in one line or several. The simulator validates it, as Slack's client would. */
export function TextInput(props: ElementProps) {
  const { element, block, surface } = props
  const { type, multiline, placeholder, focus_on_load } = element
  const value = textOf(surface.current(block, element))
  const shared = {
    className: 'field',
    value,
    placeholder: placeholder?.text,
    autoFocus: focus_on_load === true,
    onChange: ({ target }: { target: { value: string } }) => surface.change(block, element, target.value),
    ...described(props),
  }
  if (multiline === true || type === 'rich_text_input') return <textarea rows={4} {...shared} />
  return (
    <input
      type={types[type] ?? 'text'}
      inputMode={type === 'number_input' ? 'decimal' : undefined}
      autoComplete="off"
      spellCheck={false}
      {...shared}
    />
  )
}

/** Typed text is a string; rich text from the bot is a list of its parts. */
function textOf(current: unknown): string {
  if (typeof current === 'string') return current
  if (typeof current === 'number') return String(current)
  if (!Array.isArray(current)) return ''
  return current
    .map((one) =>
      JSON.stringify(one)
        .matchAll(/"text":"([^"]*)"/g)
        .map(([, text]) => text)
        .toArray()
        .join(''),
    )
    .join('\n')
}
