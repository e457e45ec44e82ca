import type { ContextBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { note } from '../blocks.ts'

/** A reply draws what Quay stored; where that is not what was asked for, it says so. Results of release 0.1.0 do not tell. */
export function storedNote(asAsked: boolean | undefined, t: Translate): ContextBlock[] {
  return asAsked !== false ? [] : [note(t('Quay stored this, and not what was asked for.'))]
}
