import { type FactName, factNames } from '../command/fact-names.ts'
import type { Sentence, Translate } from '../core/i18n.ts'
import { bold, code, drawn, lines, moment } from '../slack/blocks.ts'
import { sizeText } from '../slack/views/size.ts'

function nameOf(key: string) {
  return key in factNames ? factNames[key as FactName] : undefined // one of its keys, as was just looked
}

/** The facts of a request, a line each. */
export function factLines(facts: Record<string, unknown>, t: Translate) {
  const rows = Object.entries(facts).flatMap(([key, value]) => {
    const name = nameOf(key)
    if (!name || name.as === 'same') return []
    return [t('• {field}: {value}', { field: bold(t.plain(name.label)), value: drawn(valueText(value, name.as, t)) })]
  })
  return rows.length > 0 ? lines(rows) : []
}

type As = (typeof factNames)[FactName]['as']

function valueText(value: unknown, as: As, t: Translate): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return t('none')
  if (as === 'count') return String([value].flat().length)
  if (as === 'moment') return moment(Date.parse(String(value))).markup
  if (as === 'bytes') return sizeText(Number(value), t)
  if (typeof value === 'boolean') return value ? t('yes') : t('no')
  const shown = [value].flat().map((one) => code(short(String(one))).markup)
  return shown.join(', ')
}

/** A digest is told from others by its first letters. */
function short(text: string) {
  return /^sha256:[0-9a-f]{64}$/.test(text) ? text.slice(0, 19) : text
}

/**
 * A request's note, in which `changed` is the names of facts. Who lacks the right hears that something has changed, and not what:
 * the names would tell what there is.
 */
export function noteText({ message, values }: Sentence, t: Translate, mayKnow: boolean) {
  if (values.changed === undefined) return t(message, values)
  const labels = String(values.changed)
    .split(',')
    .flatMap((key) => nameOf(key)?.label ?? [])
    .map((label) => t.plain(label))
  const named = mayKnow && labels.length > 0 ? labels.join(', ') : t.plain('what it is about')
  return t(message, { ...values, changed: named })
}
