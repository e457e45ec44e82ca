import { Counter, Gauge, Histogram } from 'prom-client'
import type { Metrics } from '../core/metrics.ts'
import type { SlackObserver } from '../slack/observe.ts'
import type { Connection } from './slack-app.ts'

/** Counts every call of Slack's Web API. Returns what the clients tell of each. */
export function measureSlackCalls({ registry }: Metrics): SlackObserver {
  const registers = [registry]
  const calls = new Counter({
    name: 'quaymaster_slack_calls_total',
    help: 'Calls to Slack, by method and outcome: ok, limited (429), token, scope, channel, person, gone, trigger, refused, lost, unreachable.',
    labelNames: ['method', 'outcome'] as const,
    registers,
  })
  const seconds = new Histogram({
    name: 'quaymaster_slack_call_seconds',
    help: 'Duration of calls to Slack in seconds, by method.',
    labelNames: ['method'] as const,
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  return ({ method, outcome, seconds: took }) => {
    calls.inc({ method, outcome })
    seconds.observe({ method }, took)
  }
}

/** Whether Slack can reach the bot. */
export function measureConnection({ registry }: Metrics, connection: Pick<Connection, 'isConnected'>) {
  new Gauge({
    name: 'quaymaster_slack_connected',
    help: '1 while the socket to Slack is open, or while Slack reaches the bot over HTTP; otherwise 0.',
    registers: [registry],
    collect() {
      this.set(connection.isConnected() ? 1 : 0)
    },
  })
}
