import { Failure } from '../core/failure.ts'

/** Thrown while Slack does not answer about a channel, so that the card is rendered again later. */
export function cannotAsk(cause: unknown): never {
  throw new Failure('unavailable', 'Slack does not report what kind of channel this is. Try again in a moment.', {}, { cause })
}
