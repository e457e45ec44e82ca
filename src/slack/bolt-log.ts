import { type Logger as BoltLogger, LogLevel } from '@slack/bolt'
import type { Logger } from 'pino'

/**
 * The log of Bolt and its clients. At debug they write request bodies and raw envelopes, modals with a credential in
 * them included, so they get no debug at all, whatever LOG_LEVEL says (docs/SECURITY.md rule 20).
 */
export function boltLogger(log: Logger): BoltLogger {
  const slack = log.child({ from: 'slack' })
  const words = (all: unknown[]) => all.map((one) => (one instanceof Error ? one.message : typeof one === 'string' ? one : '')).join(' ')
  return {
    debug() {},
    info: (...all) => slack.info(words(all)),
    warn: (...all) => slack.warn(words(all)),
    error: (...all) => slack.error(words(all)),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  }
}
