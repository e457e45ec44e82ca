import type { Network } from '../core/network.ts'

/**
 * Calls a response URL. Bolt's error for a refused answer has its status alone, so what Slack said of it is put into the reason of
 * the status, from where it gets into the message of that error.
 */
export function fetchWithReason(network: Pick<Network, 'fetch'>): Network['fetch'] {
  return async (input, init) => {
    const response = await network.fetch(input, init)
    if (response.ok || response.status === 429 || response.status >= 500) return response
    const said = await response.text()
    // A reason is one line of ASCII.
    const statusText = said.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 1000)
    return new Response(said, { status: response.status, headers: response.headers, statusText })
  }
}
