import { redact } from '../../core/redact.ts'

const longestText = 300

/** The hosts that an answer may link to, besides Slack: the registry's own origin. */
export interface Linkable {
  origin: string
}

/** One text of somebody else: clipped, on one line, with nothing invisible in it. */
export function asText(text: string, linkable: Linkable, longest = longestText): string {
  // What is cut away is not looked at: credentials are found in what is left, and a little behind it.
  const near = [...text.slice(0, longest * 4)].slice(0, longest * 2).join('')
  const clean = withoutLinks(withoutSteering(redact(near)), linkable)
  const characters = [...clean]
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : clean
}

// Controls, line breaks, zero-width characters, direction marks, tags, fillers, private and unassigned characters, lone surrogates.
const steering =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f|[\u180b-\u180d\u180f]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu

/** The text without characters that hide or turn around what stands there; white space becomes a blank. */
export function withoutSteering(text: string): string {
  return text.replaceAll(/[\t\n\r\v\f\u0085\u2028\u2029]/g, ' ').replaceAll(steering, '')
}

const address = /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s<>|"'`]{0,2000}/giu

function withoutLinks(text: string, linkable: Linkable) {
  return text.replaceAll(address, (url) => (isLinkable(url, linkable) ? url : `[link to ${URL.parse(url)?.host ?? 'elsewhere'}]`))
}

/** Whether an address may be a link in an answer: the registry's own or Slack's, without a user name. */
export function isLinkable(url: string, { origin }: Linkable): boolean {
  const parsed = URL.parse(url)
  if (parsed?.username !== '' || parsed.password !== '') return false
  if (parsed.origin === new URL(origin).origin) return true
  return parsed.protocol === 'https:' && (parsed.hostname === 'slack.com' || parsed.hostname.endsWith('.slack.com'))
}
