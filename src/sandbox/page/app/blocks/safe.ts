/** A bot may write any address; only those that open a page are followed. */
export function safe(href: string) {
  return /^(https?:|mailto:)/i.test(href) ? href : undefined
}
