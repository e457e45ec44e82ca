import type { SimulatedQuay } from '../quay/api.ts'
import type { Build } from '../quay/repository-state.ts'
import { type Fields, textOf } from '../slack/json.ts'
import { impossible } from '../slack/refusal.ts'

const starter = 'quayadmin'
// Longer than all phases of a build together.
const wholeBuild = 10_000

/** POST /_control/quay/build: {repository, archive_url} starts a build in Quay itself; {id, outcome} ends a running one. */
export function buildRoute(quay: SimulatedQuay, origin: string, given: Fields) {
  return given.id === undefined
    ? start(quay, origin, textOf(given.repository), textOf(given.archive_url))
    : end(quay, textOf(given.id), given.outcome)
}

async function start(quay: SimulatedQuay, origin: string, repository: string, archive_url: string) {
  if (!/^[^/]+\/.+$/.test(repository)) throw impossible('repository is namespace/name.')
  const response = await fetch(`${origin}/api/v1/repository/${repository}/build/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(quay)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ archive_url: archive_url || 'https://downloads.example.com/source.tar.gz' }),
  })
  const answer = (await response.json()) as Fields // the simulated Quay's own answer
  return response.ok
    ? { ok: true, id: answer.id }
    : { ok: false, error: textOf(answer.message ?? answer.error_message) || 'Quay refused the build.' }
}

const tokens = new WeakMap<SimulatedQuay, string>()

/** One token per registry, because otherwise every press would leave one behind. */
function tokenOf(quay: SimulatedQuay) {
  const token = tokens.get(quay) ?? quay.tokenOf(starter)
  tokens.set(quay, token)
  return token
}

/** Moves the builder to its end, through the usual phases and notifications. */
function end(quay: SimulatedQuay, id: string, outcome: unknown) {
  const build = quay.registry.repositories.flatMap(({ builds }) => builds).find(({ uuid }) => uuid === id)
  if (!build) throw impossible(`There is no build ${id}.`)
  if (outcome === 'internalerror') return breakDown(quay, build)
  if (outcome !== 'complete' && outcome !== 'error') throw impossible('outcome is complete, error or internalerror.')
  build.archiveUrl = addressFor(build, outcome)
  build.phaseSince -= wholeBuild
  quay.tick()
  return { ok: true, phase: build.phase }
}

/** Breaks the builder down once; five seconds later the queue retries. */
function breakDown(quay: SimulatedQuay, build: Build) {
  build.archiveUrl = `${build.archiveUrl ?? ''}#crash`
  // One second at a time, to stop right after the breakdown.
  for (let second = 0; second < wholeBuild / 1000 && isOnItsWay(build); second++) {
    build.phaseSince -= 1000
    quay.tick()
  }
  return { ok: true, phase: build.phase }
}

const isOnItsWay = ({ phase }: Build) => ['waiting', 'build-scheduled', 'pulling', 'building'].includes(phase)

/** The builder fails a build with `fail` in its URL (sandbox/quay/build-life.ts). */
function addressFor({ archiveUrl }: Build, outcome: 'complete' | 'error') {
  const address = archiveUrl ?? ''
  return outcome === 'error' ? `${address}#fail` : address.replaceAll('fail', 'fixed')
}
