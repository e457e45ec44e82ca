import type { ContextBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { note } from '../blocks.ts'

/** A reply shows what Quay stored, and says so if that differs from the input. */
export function storedNote(asAsked: boolean, t: Translate): ContextBlock[] {
  return asAsked ? [] : [note(t('Quay stored this, and not what was asked for.'))]
}
