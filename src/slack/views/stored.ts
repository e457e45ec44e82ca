import type { ContextBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { note } from '../blocks.ts'

/** A reply shows what Quay stored, and says so if that differs from the input. Results of release 0.1.0 do not have `asAsked`. */
export function storedNote(asAsked: boolean | undefined, t: Translate): ContextBlock[] {
  return asAsked !== false ? [] : [note(t('Quay stored this, which differs from what was requested.'))]
}
