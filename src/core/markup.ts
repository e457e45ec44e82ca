/** Text that is already Slack's markup and is not escaped again. */
export interface Markup {
  markup: string
}

/** Slack's three characters; everything that comes from outside goes through here once. */
export function escaped(text: string) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
