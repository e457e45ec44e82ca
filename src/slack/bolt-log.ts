import { type Logger as BoltLogger, LogLevel } from '@slack/bolt'
import type { Logger } from 'pino'

/**
 * The log of Bolt and its clients. Their debug lines contain request bodies and raw envelopes, including modals with a
 * credential, so debug is always off, whatever LOG_LEVEL says (docs/SECURITY.md rule 20).
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
