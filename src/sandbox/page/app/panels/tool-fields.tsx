import { say } from '../words.ts'

/** A field of a tool, as its JSON Schema describes it. */
export interface Property {
  type?: string
  enum?: string[]
  description?: string
}

interface Props {
  properties: Record<string, Property>
  required: string[]
  given: Record<string, string>
  give(given: Record<string, string>): void
}

/** The arguments of a tool, to be filled in as text. */
export function ToolFields({ properties, required, given, give }: Props) {
  return Object.entries(properties).map(([name, property]) => {
    const set = (value: string) => give({ ...given, [name]: value })
    const isRequired = required.includes(name)
    return (
      <div key={name} className="input">
        <label className="label" htmlFor={`tool-${name}`}>
          {name}
          {!isRequired && <span className="optional"> ({say('optional')})</span>}
        </label>
        <Input id={`tool-${name}`} property={property} value={given[name] ?? ''} set={set} required={isRequired} />
        {property.description && <p className="hint">{property.description}</p>}
      </div>
    )
  })
}

interface InputProps {
  id: string
  property: Property
  value: string
  required: boolean
  set(value: string): void
}

function Input({ id, property, value, set, required }: InputProps) {
  if (property.enum)
    return (
      <select className="field" id={id} value={value} required={required} onChange={({ target }) => set(target.value)}>
        <option value="">–</option>
        {property.enum.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    )
  if (property.type === 'object')
    return (
      <textarea
        className="field"
        id={id}
        rows={4}
        value={value}
        placeholder={'repository=acme/api\ntag=v1.0'}
        onChange={({ target }) => set(target.value)}
      />
    )
  if (property.type === 'boolean')
    return <input id={id} type="checkbox" checked={value === 'true'} onChange={({ target }) => set(target.checked ? 'true' : '')} />
  return <input className="field" id={id} value={value} required={required} onChange={({ target }) => set(target.value)} />
}

/** What is sent: what was filled in, in the types that the schema names. */
export function valuesFrom(properties: Record<string, Property>, given: Record<string, string>): Record<string, unknown> {
  const filled = Object.entries(properties).filter(([name]) => (given[name] ?? '').trim() !== '')
  return Object.fromEntries(filled.map(([name, property]) => [name, readValue(property, given[name] ?? '')]))
}

function readValue({ type }: Property, text: string): unknown {
  if (type === 'boolean') return text === 'true'
  if (type === 'number') return Number(text)
  if (type === 'array') return text.split(',').map((one) => one.trim())
  if (type !== 'object') return text
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=')
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : []
  })
  return Object.fromEntries(pairs)
}
