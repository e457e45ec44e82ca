import { Failure } from '../core/failure.ts'

/** Slack not answering is no reason to say nothing for ever: the card is drawn again. */
export function cannotAsk(cause: unknown): never {
  throw new Failure('unavailable', 'Slack does not say what this channel is. Try again in a moment.', {}, { cause })
}
