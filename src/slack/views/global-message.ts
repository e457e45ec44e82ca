import { entryOf } from '../../core/foreign-text.ts'
import type { Translate } from '../../core/i18n.ts'
import { shortId } from '../../core/short-id.ts'
import type { GlobalMessage } from '../../quay/messages.ts'
import { code } from '../blocks.ts'

export const severities = { info: 'Information', warning: 'Warning', error: 'Error' } as const

/** One line: the short id, the severity, the text. */
export function messageLine({ id, severity, content }: GlobalMessage, t: Translate) {
  return t('• {id} – {severity}: {content}', {
    id: code(shortId(id)),
    severity: t.plain(entryOf(severities, severity) ?? '{severity}', { severity }),
    content,
  })
}
