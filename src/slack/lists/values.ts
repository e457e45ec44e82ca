import type { Translate } from '../../core/i18n.ts'
import { shortId } from '../../core/short-id.ts'
import type { Value } from '../message-blocks.ts'
import { sizeText } from '../views/size.ts'

/** Text of Quay's or a person's, in which nothing is markup. Undefined for no text. */
export function asText(text: string | null | undefined, url?: string): Value | undefined {
  return text ? { is: 'text', text, url } : undefined
}

/** A name as code; nothing where there is none. */
export function asCode(text: string | null | undefined): Value | undefined {
  return text ? { is: 'text', text, look: 'code' } : undefined
}

/** An id, shortened for who reads it; a file has the whole one. */
export function asId(id: string, { url }: { url?: string | undefined } = {}): Value {
  return { is: 'text', text: shortId(id), whole: id, ...(url === undefined ? { look: 'code' } : { url }) }
}

/** A name in bold. */
export function asBold(text: string): Value {
  return { is: 'text', text, look: 'bold' }
}

/** Bytes. */
export function asSize(bytes: number | undefined, t: Translate): Value | undefined {
  return bytes === undefined ? undefined : { is: 'number', number: bytes, text: sizeText(bytes, t) }
}

/** A number as the language writes it. */
export function asNumber(number: number | undefined, t: Translate): Value | undefined {
  return number === undefined ? undefined : { is: 'number', number, text: new Intl.NumberFormat(t.language).format(number) }
}

/** ISO, or milliseconds. Undefined for what is no moment. */
export function asMoment(moment: string | number | null | undefined): Value | undefined {
  const at = typeof moment === 'number' ? moment : Date.parse(moment ?? '')
  return Number.isNaN(at) ? undefined : { is: 'moment', at }
}

/** A mark that a row has or has not: the word itself is the value. */
export function asMark(has: boolean, word: string): Value | undefined {
  return has ? { is: 'text', text: word } : undefined
}

/** A person, by Slack id. */
export function asPerson(id: string | null | undefined): Value | undefined {
  return id ? { is: 'person', id } : undefined
}
