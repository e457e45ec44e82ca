import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SimulatedQuay } from '../../../src/sandbox/quay/api.ts'

/** A call that came to Quay: when, in milliseconds since 1970, and whether its nginx let it through. */
export interface FrontCall {
  at: number
  call: string
  refused: boolean
}

// Quay's nginx (docs/quay.md, Rate limits): five calls a second from one address, and 25 more at once. What Quay itself needs for an
// answer is what was measured on a small one.
const perSecond = 5
const burst = 25
const answersAfter = 40

/** The simulated Quay as a company reaches it: behind its nginx, and not answering in no time. */
export function frontOf(quay: SimulatedQuay) {
  const calls: FrontCall[] = []
  let excess = 0
  let last = Date.now()
  let isLimited = true

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const at = Date.now()
    excess = Math.max(0, excess - ((at - last) / 1000) * perSecond)
    last = at
    const refused = isLimited && excess > burst
    if (!refused && isLimited) excess += 1
    calls.push({ at, call: `${request.method} ${request.url?.replace('/api/v1', '').replace(/\?.*/, '')}`, refused })
    if (refused) return void response.writeHead(429, { 'content-type': 'text/html' }).end('<html>429 Too Many Requests</html>')
    await sleep(answersAfter)
    await quay.handle(request, response)
  }

  return {
    handle,
    limits: (on: boolean) => {
      isLimited = on
    },
    callsSince: (index: number) => calls.slice(index),
  }
}
