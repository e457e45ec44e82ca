import type { IncomingMessage } from 'node:http'

const hosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Why a request must not reach the sandbox: it is not from this machine's own page or tools (docs/SECURITY.md rule 24). */
export function foreign({ headers }: IncomingMessage): string | undefined {
  const { host = '', origin } = headers
  // A host name that merely resolves to this machine is how a foreign page gets in by DNS rebinding.
  if (!hosts.has(hostname(`http://${host}`))) return 'The sandbox answers only to localhost, 127.0.0.1 and [::1].'
  if (origin !== undefined && origin !== `http://${host}`) return 'The sandbox does not take requests of other pages.'
  const site = headers['sec-fetch-site']
  // same-site is foreign too: it is any other port of this machine.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'The sandbox does not take requests of other pages.'
  return undefined
}

function hostname(url: string) {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
