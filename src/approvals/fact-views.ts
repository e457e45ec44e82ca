import { type FactName, factFormats, factLabels } from '../command/fact-names.ts'
import { commas } from '../core/commas.ts'
import type { Sentence, Translate } from '../core/i18n.ts'
import { bold, code, lines, moment, rawMarkup } from '../slack/blocks.ts'
import { sizeText } from '../slack/views/size.ts'

function isNamed(key: string): key is FactName {
  return key in factLabels
}

/** The facts of a request, one line each. */
export function factLines(facts: Record<string, unknown>, t: Translate) {
  const rows = Object.entries(facts).flatMap(([key, value]) => {
    if (!isNamed(key) || factFormats[key] === 'same') return []
    return [t('• {field}: {value}', { field: bold(t.plain(factLabels[key])), value: rawMarkup(valueText(key, value, t)) })]
  })
  return rows.length > 0 ? lines(rows) : []
}

function valueText(key: FactName, value: unknown, t: Translate): string {
  const format = factFormats[key]
  if (value === null || (Array.isArray(value) && value.length === 0)) return t('None')
  if (format === 'count') return String([value].flat().length)
  if (format === 'moment') return moment(Date.parse(String(value))).markup
  if (format === 'bytes') return sizeText(Number(value), t)
  if (typeof value === 'boolean') return value ? t('Yes') : t('No')
  return commas(
    t,
    [value].flat().map((one) => code(short(String(one))).markup),
  )
}

/** The first letters are enough to tell digests apart. */
function short(text: string) {
  return /^sha256:[0-9a-f]{64}$/.test(text) ? text.slice(0, 19) : text
}

/**
 * The note of a request; `changed` are names of facts. A person without the permission reads only that something has changed,
 * because the names would disclose what exists.
 */
export function noteText({ message, values }: Sentence, t: Translate, mayKnow: boolean) {
  if (values.changed === undefined) return t(message, values)
  const named = String(values.changed)
    .split(',')
    .filter(isNamed)
    .map((key) => t.plain(factLabels[key]))
  return t(message, { ...values, changed: mayKnow && named.length > 0 ? named : t.plain('the object of this request') })
}
