import type { Command, Effect } from '../command/command.ts'
import { type Field, fieldsOf } from '../command/fields.ts'

/** The effects of a command over all inputs: for every choice, with and without the optional fields. */
export function possibleEffects(command: Command | undefined): Effect[] {
  const effects = command?.changes?.effects
  if (!command || effects === undefined || 'ownBusiness' in effects) return []
  if (typeof effects !== 'function') return effects
  return [...new Set(inputsOf(command).flatMap((input) => effectsFor(effects, input)))]
}

function inputsOf(command: Command): Record<string, unknown>[] {
  const fields = fieldsOf(command)
  const filled = (full: boolean) => Object.fromEntries(fields.map((field) => [field.name, sample(field, full)]))
  const choices = fields.flatMap(({ name, options, type }) => (type === 'choice' ? options.map((option) => ({ [name]: option })) : []))
  return [
    filled(false),
    filled(true),
    ...choices.flatMap((choice) => [
      { ...filled(false), ...choice },
      { ...filled(true), ...choice },
    ]),
  ]
}

function sample({ type, options, required, default: fallback }: Field, full: boolean) {
  if (type === 'list' || type === 'choices') return full ? [options[0] ?? 'acme/web'] : []
  if (!full && !required) return fallback
  if (type === 'number') return 1
  return type === 'boolean' ? true : (options[0] ?? 'acme/web')
}

function effectsFor(effects: (input: Record<string, unknown>) => Effect[], input: Record<string, unknown>) {
  try {
    return effects(input)
  } catch {
    // The function needs more of an input than is available here.
    return []
  }
}
