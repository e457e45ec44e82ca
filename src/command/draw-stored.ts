import type { Message } from '../slack/blocks.ts'

/** Draws what was stored, perhaps by an earlier release. Undefined: it lacks what today's view needs, so it cannot be drawn any more. */
export function drawStored(draw: () => Message | undefined): Message | undefined {
  try {
    return draw()
  } catch {
    return undefined
  }
}
