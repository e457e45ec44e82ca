import type { ServerResponse } from 'node:http'
import type { SimulatedQuay } from '../quay/api.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'

// Many changes come together, such as a call, its answer and its message; the page then reads once.
const gathered = 40
const quayLook = 300
const beat = 20_000

/** GET /_control/events: signals that something in Slack or Quay has changed, without saying what. */
export function eventStream({ slack, quay }: { slack: SimulatedSlack; quay: SimulatedQuay }) {
  return (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const tell = (what: string) => response.write(`event: ${what}\ndata: {}\n\n`)
    tell('slack')
    const gather = gathering(() => tell('slack'))
    const forget = slack.onChange(gather.change)
    let seen = stateOf(quay)
    const look = setInterval(() => {
      const now = stateOf(quay)
      if (now !== seen) tell('quay')
      seen = now
    }, quayLook).unref()
    const alive = setInterval(() => response.write(': alive\n\n'), beat).unref()
    response.on('close', () => {
      forget()
      gather.stop()
      clearInterval(look)
      clearInterval(alive)
    })
  }
}

function gathering(tell: () => void) {
  let timer: NodeJS.Timeout | undefined
  const run = () => {
    timer = undefined
    tell()
  }
  return {
    change: () => {
      timer ??= setTimeout(run, gathered)
    },
    stop: () => clearTimeout(timer),
  }
}

/** Changes whenever something in the registry may have changed: a call, a build's progress, or a fault. */
function stateOf({ exchanges, registry, fault }: SimulatedQuay) {
  const phases = registry.repositories.map(({ builds, tags }) => `${tags.length}${builds.map(({ phase }) => phase).join()}`)
  return `${exchanges.length} ${exchanges.at(-1)?.at} ${phases.join(';')} ${JSON.stringify(fault())}`
}
