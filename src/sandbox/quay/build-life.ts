import type { World } from './call.ts'
import { fullName } from './lookup.ts'
import { pushTag } from './pushes.ts'
import type { Build, BuildLog, Phase, Repository } from './repository-state.ts'

// What a build worker does, on the simulator's clock. An archive whose address contains `fail` fails; with `crash` the
// builder breaks down once and the queue tries again, with `expire` as often as it is tried; with `no-builder` none ever takes it.

const second = 1000
const steps: { phase: Phase; lasts: number; next: Phase }[] = [
  { phase: 'waiting', lasts: 3 * second, next: 'build-scheduled' },
  { phase: 'build-scheduled', lasts: second, next: 'pulling' },
  { phase: 'pulling', lasts: 2 * second, next: 'building' },
  { phase: 'building', lasts: 3 * second, next: 'pushing' },
  { phase: 'pushing', lasts: second, next: 'complete' },
  { phase: 'internalerror', lasts: 5 * second, next: 'waiting' },
]
const tries = 3

/** Moves every build on by as many phases as its time allows. */
export function advanceBuilds(world: World) {
  for (const repository of world.registry.repositories) for (const build of repository.builds) advanceBuild(world, repository, build)
}

function advanceBuild(world: World, repository: Repository, build: Build) {
  if (build.phase === 'waiting' && build.archiveUrl?.includes('no-builder')) return
  for (;;) {
    const step = steps.find(({ phase }) => phase === build.phase)
    if (!step || world.now() - build.phaseSince < step.lasts) return
    enter(world, repository, build, next(build, step), build.phaseSince + step.lasts)
  }
}

function next(build: Build, { phase, next: usual }: (typeof steps)[number]): Phase {
  const { archiveUrl, breakdowns = 0 } = build
  if (phase === 'internalerror') return breakdowns < tries ? usual : 'expired'
  if (phase !== 'building') return usual
  if (archiveUrl?.includes('fail')) return 'error'
  const breaks = archiveUrl?.includes('expire') || (archiveUrl?.includes('crash') && breakdowns === 0)
  if (!breaks) return usual
  build.breakdowns = breakdowns + 1
  return 'internalerror'
}

function enter(world: World, repository: Repository, build: Build, phase: Phase, at: number) {
  build.phase = phase
  build.phaseSince = at
  build.logs.push(...linesOf(phase, at))
  const details = { build_id: build.uuid, build_name: build.displayName, docker_tags: build.tags, ...triggerDetails(repository, build) }
  const full = fullName(repository)
  if (phase === 'build-scheduled') world.notify(full, 'build_start', details)
  if (phase === 'error') world.notify(full, 'build_failure', { ...details, error_message: failure })
  if (phase === 'complete') {
    for (const tag of build.tags) pushTag(world, full, tag, build.manualUser ?? undefined)
    world.notify(full, 'build_success', details)
  }
}

const failure = "The command '/bin/sh -c make test' returned a non-zero code: 2"

const written: Partial<Record<Phase, BuildLog[]>> = {
  pulling: [{ message: 'pulling', type: 'phase' }],
  building: [
    { message: 'building', type: 'phase' },
    { message: 'Step 1/3 : FROM registry.access.redhat.com/ubi9/ubi', type: 'command' },
    { message: ' ---> 0123456789ab\n' },
    { message: 'Step 2/3 : COPY . /src', type: 'command' },
    { message: ' ---> 5d0da3dc9764\n' },
    { message: 'Step 3/3 : RUN make test', type: 'command' },
    { message: 'go test ./...\n' },
  ],
  pushing: [{ message: ' ---> ba9876543210\n' }, { message: 'Successfully built ba9876543210\n' }, { message: 'pushing', type: 'phase' }],
  complete: [{ message: 'complete', type: 'phase' }],
  error: [
    { message: '--- FAIL: TestCheckout (0.02s)\n' },
    { message: 'make: *** [Makefile:12: test] Error 1\n' },
    { message: failure, type: 'error' },
    { message: 'error', type: 'phase' },
  ],
}

/** `2026-11-23 07:30:00.000000`: only lines with a type carry a time (recorded/build-logs). */
function linesOf(phase: Phase, at: number): BuildLog[] {
  const datetime = new Date(at).toISOString().replace('T', ' ').replace('Z', '000')
  return (written[phase] ?? []).map((line) => (line.type ? { ...line, data: { datetime } } : line))
}

function triggerDetails(repository: Repository, build: Build) {
  const trigger = repository.triggers.find(({ id }) => id === build.trigger)
  return trigger ? { trigger_id: trigger.id, trigger_kind: trigger.service, trigger_metadata: build.triggerMetadata } : {}
}
