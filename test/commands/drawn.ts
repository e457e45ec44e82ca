import { expect } from 'vitest'
import { isCi } from '../sized.ts'
import type { startBot } from '../start-bot.ts'

interface Drawn {
  blocks: { text?: { text: string }; fields?: { text: string }[]; elements?: { text?: unknown }[] }[]
}

/** All that a message says, for `toContain`: its text alone is only the first line. */
export function allOf(message: object) {
  return (message as Drawn).blocks // every message of Slack has them
    .flatMap(({ text, fields = [], elements = [] }) => [text, ...fields, ...elements.map((one) => one.text)])
    .map((text) => (typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : String(text ?? '')))
    .join('\n')
}

type Started = Awaited<ReturnType<typeof startBot>>

/** Runs it with `--dry-run` and expects that Quay was asked to change nothing. */
export async function dryRun(started: Started, who: 'alice' | 'bea' | 'carl' | 'dora', command: string) {
  const before = started.changes().length
  const reply = await started[who].types(`${command} --dry-run`)
  expect(reply.text).toContain('would make')
  expect(started.changes()).toHaveLength(before)
  return reply.text
}

/** Runs it while Quay is down. With `npm test` one failure is enough. */
export async function whileDown(started: Started, who: 'alice' | 'bea' | 'carl' | 'dora', command: string) {
  const { limits } = started.bot.quay
  const { pauses } = limits
  if (!isCi) limits.pauses = []
  started.quay.faults({ status: 503 })
  try {
    return (await started[who].types(command)).text
  } finally {
    started.quay.faults(undefined)
    limits.pauses = pauses
  }
}
