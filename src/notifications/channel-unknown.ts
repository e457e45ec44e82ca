import { Failure } from '../core/failure.ts'

/** Thrown while Slack does not answer about a channel, so that the card is rendered again later. */
export function cannotAsk(cause: unknown): never {
  throw new Failure('unavailable', 'Slack does not say what this channel is. Try again in a moment.', {}, { cause })
}
