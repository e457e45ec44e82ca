import { labelOf, type Named, wordOf } from '../../command/object-kinds.ts'
import type { Translate } from '../../core/i18n.ts'
import type { ButtonText } from '../../slack/blocks.ts'

/** A button that opens an object's card: what typing its word would show, to whoever presses. */
export function openAction(object: Named, t: Translate): ButtonText {
  return { action: 'object:open', label: t.plain('Open {object}', { object: labelOf(object) }), value: wordOf(object) }
}
