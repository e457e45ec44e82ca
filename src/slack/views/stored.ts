import type { ContextBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { note } from '../blocks.ts'

/** A reply draws what Quay stored; where that is not what was asked for, it says so. */
export function storedNote(asAsked: boolean, t: Translate): ContextBlock[] {
  return asAsked ? [] : [note(t('Quay stored this, and not what was asked for.'))]
}
