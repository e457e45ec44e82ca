import { and, desc, eq, gte, inArray, or } from 'drizzle-orm'
import { requestsWaitingFor } from '../../approvals/pending.ts'
import { openStates, type Request } from '../../approvals/request.ts'
import { type Bot, onBehalfOf } from '../../context.ts'
import { aDay } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import type { Sentence } from '../../core/i18n.ts'
import { builds, requests } from '../../db/schema.ts'
import { type BuildState, stateOf } from '../../notifications/builds/state.ts'
import { type ShownSubscription, shownSubscription } from '../../notifications/subscription-view.ts'
import { listSubscriptions } from '../../notifications/subscriptions.ts'
import { pageOf } from '../../quay/repositories.ts'
import type { Person } from '../../security/identity.ts'
import { holds } from '../../security/permissions.ts'
import { listSealed } from '../../security/secrets.ts'
import { oftenRun } from '../often-run.ts'

/** The content of one person's App Home. A part that could not be read from Quay is a sentence that says so. */
export interface HomeContent {
  /** The commands of its buttons. */
  often: string[]
  waiting: { requests: Request[]; more: boolean } | Sentence
  own: Request[]
  builds: (BuildState & { url: string })[] | Sentence
  subscriptions: ShownSubscription[]
  /** Credentials that were sealed for the person and not revealed yet. */
  credentials: SealedCredential[]
}

export interface SealedCredential {
  id: string
  what: Sentence
}

const shownAtMost = 10
const builtAtMost = 5
const ownAtMost = 5
const aWeek = 7 * aDay

/** Reads the content with the person's own permissions, cached for at most half a minute: every button checks again. */
export async function contentFor(all: Bot, person: Person): Promise<HomeContent> {
  const bot = onBehalfOf(all, person.id, 'home')
  const [often, waiting, own, built, subscriptions, credentials] = await Promise.all([
    oftenRun(bot, person),
    orSentence(waitingFor(bot, person)),
    ownRequests(bot, person),
    orSentence(buildsOf(bot, person)),
    listSubscriptions(bot, { owner: person.id }),
    listSealed(bot, person),
  ])
  return { often, waiting, own, credentials, builds: built, subscriptions: subscriptions.map((one) => shownSubscription(one, bot.clock())) }
}

async function orSentence<Found>(asked: Promise<Found>): Promise<Found | Sentence> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Failure) return error.sentence
    throw error
  }
}

/** Requests that the person may decide and has not, and those in state `unknown` that they can resolve. */
async function waitingFor(bot: Bot, person: Person) {
  if (person.unasked && person.unlinked) return person.unlinked
  if (!person.user?.enabled || person.account === undefined) return { requests: [], more: false }
  const found = await requestsWaitingFor(bot, person, shownAtMost + 1)
  return { requests: found.slice(0, shownAtMost), more: found.length > shownAtMost }
}

/** Open requests, and those that ended this week. */
function ownRequests({ db, clock }: Bot, { id, team }: Person): Promise<Request[]> {
  const isOpen = inArray(requests.state, openStates)
  return db
    .select()
    .from(requests)
    .where(and(eq(requests.team, team), eq(requests.requester, id), or(isOpen, gte(requests.endedAt, new Date(clock() - aWeek)))))
    .orderBy(desc(requests.createdAt))
    .limit(ownAtMost)
}

/** Builds that the person started from Slack, of repositories that they can still read. */
async function buildsOf(bot: Bot, person: Person) {
  if (person.unasked && person.unlinked) return person.unlinked
  const started = await bot.db
    .select()
    .from(builds)
    .where(and(eq(builds.starter, person.id), gte(builds.createdAt, new Date(bot.clock() - aWeek))))
    .orderBy(desc(builds.createdAt))
    .limit(builtAtMost)
  const seen = await Promise.all(
    started.map(async ({ repository, build }) =>
      (await holds(bot, person, { permission: 'read', object: repository }))
        ? [{ ...(await stateOf(bot, `build ${repository} ${build}`)), url: `${pageOf(bot.quay, repository)}/build/${build}` }]
        : [],
    ),
  )
  return seen.flat()
}
