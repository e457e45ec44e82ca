import type { Command } from '../command/command.ts'
import { fieldsOf } from '../command/fields.ts'
import { commas } from '../core/commas.ts'
import { entryOf } from '../core/foreign-text.ts'
import type { Translate } from '../core/i18n.ts'
import { bold, code, rawMarkup } from '../slack/blocks.ts'
import { shownValue } from './typed.ts'

interface Entered {
  input: Record<string, unknown>
  /** Whether a credential was entered, which is kept encrypted. */
  sealed?: boolean
  /** Ids of builds and triggers as people are shown them, or to the last digit. */
  ids: 'short' | 'whole'
}

/** What was entered, one line for each field that has a value. Never a credential. */
export function inputRows(command: Command, { input, sealed = false, ids }: Entered, t: Translate) {
  return fieldsOf(command).flatMap(({ name, label, secret, labels, id }) => {
    if (secret) return sealed ? [t('• {field}: entered and encrypted', { field: bold(t.plain(label)) })] : []
    const values = [input[name] ?? []].flat().filter((value) => value !== '')
    const shown = values.map((value) => {
      const known = entryOf(labels, String(value))
      return known ? t.plain(known) : code(String(ids === 'short' ? shownValue(id, value) : value)).markup
    })
    return shown.length > 0 ? [t('• {field}: {value}', { field: bold(t.plain(label)), value: rawMarkup(commas(t, shown)) })] : []
  })
}
