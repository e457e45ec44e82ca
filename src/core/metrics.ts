import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { version } from './version.ts'

export interface Metrics {
  registry: Registry
  /** Commands, modals and buttons, by command name and outcome: `done`, or the code of the Failure. */
  commands: Counter<'operation' | 'outcome'>
  /** How long they took, in seconds, from the acknowledgment to the answer. */
  commandSeconds: Histogram<'operation'>
  /** How long Slack waited for an acknowledgment, in seconds. It gives up after three. */
  ackSeconds: Histogram<'kind'>
  /** Interrupted commands that the sweep resolved, by what it found in Quay. */
  orphans: Counter<'operation' | 'outcome'>
}

/** The bot's own metrics, for Prometheus at /metrics. Their labels name commands and calls, never people or repositories. */
export function openMetrics(): Metrics {
  // A registry of its own, with those of the process in it.
  const registry = Registry.merge([processMetrics()])
  const registers = [registry]
  new Gauge({
    name: 'quaymaster_build_info',
    help: 'Always 1. Its labels say which release of Quaymaster and of Node.js runs.',
    labelNames: ['version', 'node'] as const,
    registers,
  }).set({ version, node: process.versions.node }, 1)
  const commands = new Counter({
    name: 'quaymaster_operations_total',
    help: 'Commands run, by outcome.',
    labelNames: ['operation', 'outcome'] as const,
    registers,
  })
  const commandSeconds = new Histogram({
    name: 'quaymaster_command_seconds',
    help: 'Duration of commands, dialogs and buttons in seconds, from the acknowledgment to the answer.',
    labelNames: ['operation'] as const,
    buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
    registers,
  })
  const ackSeconds = new Histogram({
    name: 'quaymaster_slack_ack_seconds',
    help: 'How long Slack waited for the acknowledgment of a payload, in seconds. Slack gives up after 3.',
    labelNames: ['kind'] as const,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2, 3],
    registers,
  })
  const orphans = new Counter({
    name: 'quaymaster_orphans_total',
    help: 'Interrupted commands, by what was found in Quay afterward: happened, nothing, unknown.',
    labelNames: ['operation', 'outcome'] as const,
    registers,
  })
  return { registry, commands, commandSeconds, ackSeconds, orphans }
}

let ofProcess: Registry | undefined

/**
 * Memory, processor, event loop, garbage. They belong to the process, and nothing ends the timer and the observer behind them: one of
 * each, however many bots it opens.
 */
function processMetrics() {
  if (!ofProcess) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}

/** Health of each part that readiness depends on: 1 or 0, as of the last request to /readyz or /metrics. */
export function readinessGauge({ registry }: Metrics) {
  return new Gauge({
    name: 'quaymaster_ready',
    help: 'Health of a component: 1 is healthy, 0 is not.',
    labelNames: ['part'] as const,
    registers: [registry],
  })
}
