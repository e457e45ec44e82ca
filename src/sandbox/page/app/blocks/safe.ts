/** A bot may write any URL; only those that open a page become links. */
export function safe(href: string) {
  return /^(https?:|mailto:)/i.test(href) ? href : undefined
}
