import type { Sentence, Translate } from '../../core/i18n.ts'
import { note, rawMarkup } from '../blocks.ts'
import { type Counts, countsText } from './scan.ts'

/** The last line of an object's card: what the reader may do there, and why. */
export function yoursNote({ permission, reason }: { permission: string; reason: Sentence }, t: Translate) {
  return note(
    t(
      '{permission, select, none {You have no permission here. {reason}} member {You are a member. {reason}} create {You have the creator role. {reason}} other {You have {permission} permission. {reason}}}',
      { permission, reason: rawMarkup(t(reason.message, reason.values)) },
    ),
  )
}

/** The vulnerabilities of an image in a field of its card. */
export function vulnerableText(found: { counts: Counts; all: number } | 'unknown' | undefined, t: Translate): string {
  if (found === 'unknown') return t('Not known now')
  if (!found) return t('Not scanned')
  return found.all === 0 ? t('None known') : countsText(found.counts, t).markup
}
