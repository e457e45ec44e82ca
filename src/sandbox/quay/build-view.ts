import { type Answer, type Call, ok, type World } from './call.ts'
import { rank } from './lookup.ts'
import type { Build, Repository, Trigger } from './repository-state.ts'
import { hasFullAccess, isGlobalReader, repositoryRole } from './rights.ts'
import { rfc2822, seconds } from './views.ts'

const archive = '/logarchive/'

/** Archived logs, for everybody who knows the address. */
export function archivedLogs({ registry }: World, path: string): Answer | undefined {
  const build = registry.repositories.flatMap(({ builds }) => builds).find(({ uuid }) => path === archive + uuid)
  return build && ok({ logs: build.logs })
}

const robotView = (name: string | null) => (name === null ? null : { name, kind: 'user', is_robot: true })

/** The build as its list, its own page and its status show it. */
export function buildView(call: Call, repository: Repository, build: Build) {
  const { namespace, name } = repository
  const isWriter = rank(repositoryRole(call, `${namespace}/${name}`)) >= rank('write') || hasFullAccess(call)
  const trigger = repository.triggers.find(({ id }) => id === build.trigger)
  return {
    id: build.uuid,
    phase: phaseOf(call, build),
    started: rfc2822(build.started),
    display_name: build.displayName,
    status: phaseOf(call, build) === 'cannot_load' ? {} : statusView(build),
    // Both names for one thing (docs/quay.md, Per area).
    subdirectory: build.dockerfilePath,
    dockerfile_path: build.dockerfilePath,
    context: build.context,
    tags: build.tags,
    manual_user: build.manualUser,
    is_writer: isWriter,
    trigger: trigger ? triggerView(call, repository, trigger) : null,
    trigger_metadata: build.triggerMetadata,
    resource_key: build.fileId,
    pull_robot: robotView(build.pullRobot),
    repository: { namespace, name },
    error: build.error,
    ...(isWriter && { archive_url: build.archiveUrl ?? `${call.world.origin()}/userfiles/${build.fileId}` }),
  }
}

const final = ['complete', 'error', 'cancelled', 'expired']

/** Of a build that runs Redis knows the state; without an answer of its Quay says `cannot_load`, until it answers again (docs/quay.md, Build phases). */
const phaseOf = ({ world }: Call, { phase }: Build) => (world.registry.redisAnswers || final.includes(phase) ? phase : 'cannot_load')

/** Superusers see less of the same build: no tags, metadata or robot, and a shorter trigger (recorded/su-build). */
export function superuserBuildView(call: Call, repository: Repository, build: Build) {
  const { trigger, ...view } = buildView(call, repository, build)
  const { enabled: _, disabled_reason: __, ...shorter } = trigger ?? {}
  return { ...view, tags: [], trigger: trigger && shorter, trigger_metadata: null, pull_robot: null }
}

/** Empty until the builder reports; then the counters of the present phase (recorded/build-get-building). */
function statusView({ phase, phaseSince, logs }: Build) {
  if (['waiting', 'build-scheduled', 'cancelled', 'expired'].includes(phase)) return {}
  const commands = logs.filter((line) => line.type === 'command').length
  const pulled = phase === 'pulling' ? 0.5 : 1
  const pushed = phase === 'complete' ? 1 : 0
  return { total_commands: 3, current_command: commands, push_completion: pushed, pull_completion: pulled, heartbeat: seconds(phaseSince) }
}

export function triggerView(call: Call, { namespace, name }: Repository, trigger: Trigger, withRobot = false) {
  const canAdmin = repositoryRole(call, `${namespace}/${name}`) === 'admin' || hasFullAccess(call)
  return {
    id: trigger.id,
    service: trigger.service,
    is_active: trigger.active,
    build_source: trigger.buildSource,
    repository_url: trigger.repositoryUrl,
    // How it reaches the source is for admins.
    config: canAdmin || isGlobalReader(call) ? trigger.config : {},
    can_invoke: canAdmin,
    enabled: trigger.enabled,
    disabled_reason: trigger.disabledReason,
    ...(withRobot && { pull_robot: robotView(trigger.pullRobot) }),
  }
}

/** Log lines from `start` on, or where they were put. */
export function logsOf(call: Call, build: Build) {
  if (build.isArchived) return ok({ logs_url: `${call.world.origin()}${archive}${build.uuid}` })
  const start = Number(call.query.get('start') ?? 0)
  return ok({ start, total: build.logs.length, logs: build.logs.slice(start) })
}
