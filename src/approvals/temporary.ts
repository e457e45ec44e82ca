import type { Lasting } from '../command/command.ts'
import type { Bot } from '../context.ts'
import { shortDuration } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import { matchesGlob } from '../core/pattern.ts'
import type { Policy } from '../core/policy.ts'
import { namespaceOf } from '../quay/names.ts'
import { isAmong } from '../slack/users.ts'
import type { Invocation } from './rules.ts'

/** Whether something has to end by itself, and how long it may last, in milliseconds; undefined: as long as is said. */
export interface Terms {
  required: boolean
  longest: number | undefined
}

type IsAmong = (ids: string[]) => Promise<boolean>

/** What the policy says of one permission: the first of `temporary.required` that matches, and otherwise `temporary.longest`. */
export async function termsFor({ temporary }: Policy, { permission, object }: Lasting, among: IsAmong): Promise<Terms> {
  const namespace = namespaceOf(object).toLowerCase()
  for (const { permissions, namespaces, requesters, longest } of temporary.required) {
    const isMeant = permissions?.includes(permission) ?? true
    const isThere =
      !namespaces ||
      matchesGlob(
        namespaces.map((glob) => glob.toLowerCase()),
        namespace,
      )
    if (isMeant && isThere && (requesters.includes('everyone') || (await among(requesters))))
      return { required: true, longest: longest ?? temporary.longest }
  }
  return { required: false, longest: temporary.longest }
}

/** The strictest terms of all that a command gives; undefined for a command that gives nothing that could be temporary. */
export async function termsOf(policy: Policy, { command, input }: Invocation, among: IsAmong, now: number) {
  const lasting = command.lasting?.(input, now)
  if (!lasting || lasting.gives.length === 0) return undefined
  const all = await Promise.all(lasting.gives.map((one) => termsFor(policy, one, among)))
  return { ...strictest(all), endsAt: lasting.endsAt }
}

function strictest(all: Terms[]): Terms {
  const limits = all.flatMap(({ longest }) => longest ?? [])
  return { required: all.some(({ required }) => required), longest: limits.length > 0 ? Math.min(...limits) : undefined }
}

/**
 * Refuses what has to end and is given without an end, and what would last longer than the policy lets it: before it is asked for,
 * and again when it runs. Throws `denied`.
 */
export async function assertLasts(bot: Bot, person: { id: string }, invocation: Invocation): Promise<void> {
  const terms = await termsOf(bot.policy, invocation, (ids) => isAmong(bot.slack, person.id, ids), bot.clock())
  if (terms) assertTerms(terms, terms.endsAt, bot.clock())
}

/** The same for one permission that only Quay could tell, such as the role of a team. Returns how long it may last. Throws `denied`. */
export async function assertGiven(
  bot: Bot,
  person: { id: string },
  given: Lasting,
  endsAt: number | undefined,
): Promise<number | undefined> {
  const terms = await termsFor(bot.policy, given, (ids) => isAmong(bot.slack, person.id, ids))
  assertTerms(terms, endsAt, bot.clock())
  return terms.longest
}

function assertTerms({ required, longest }: Terms, endsAt: number | undefined, now: number) {
  if (endsAt === undefined && required)
    throw new Failure(
      'denied',
      'The policy allows this only temporarily{limit, select, none {} other { ({limit} at most)}}: add {example}.',
      {
        limit: longest === undefined ? 'none' : [{ seconds: longest / 1000 }],
        example: `for=${longest === undefined ? '8h' : shortDuration(longest / 1000)}`,
      },
    )
  // A second is what an end that was said as a length may lose until it is compared.
  if (endsAt !== undefined && longest !== undefined && endsAt - now > longest + 1_000)
    throw new Failure('denied', 'The policy allows this for {limit} at most.', { limit: [{ seconds: longest / 1000 }] })
}
