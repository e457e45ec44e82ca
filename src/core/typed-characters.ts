/** Characters without a shape that editors and phones leave around a word: zero-width ones, marks of direction, soft hyphens. */
export function isInvisible(character: string) {
  return /^[\u00ad\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]$/.test(character)
}

/** Without the invisible characters at both ends. One inside a name stays, because the name is another one with it. */
export function withoutInvisibleEnds(text: string) {
  let [start, end] = [0, text.length]
  while (start < end && isInvisible(text.charAt(start))) start += 1
  while (end > start && isInvisible(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** Full-width letters, digits and signs of a Japanese keyboard as ASCII, and the hyphens and minus signs of typography as `-`. */
export function narrow(text: string) {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(/[\u2010\u2011\u2212\ufe63]/g, '-')
}
