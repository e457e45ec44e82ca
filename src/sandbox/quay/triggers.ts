import { bodyOf } from './body.ts'
import { buildView, triggerView } from './build-view.ts'
import { answerStarted, emptyBuild } from './builds.ts'
import { type Call, noContent, ok, param, type Route, route } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { findRepository, findRobot, fullName, repositoryOf } from './lookup.ts'
import type { Repository, Trigger } from './repository-state.ts'
import { requireRepository } from './rights.ts'
import { requireNormal } from './tags.ts'
import { log } from './usage-log.ts'

const one = '/repository/{repository}/trigger/{trigger_uuid}'

export const triggerRoutes: Route[] = [
  route('GET /repository/{repository}/trigger/', listTriggers),
  route(`GET ${one}`, getTrigger),
  route(`PUT ${one}`, updateTrigger),
  route(`DELETE ${one}`, deleteTrigger),
  route(`POST ${one}/activate`, activateTrigger),
  route(`POST ${one}/start`, startTrigger),
  route(`GET ${one}/builds`, listBuilds),
]

function listTriggers(call: Call) {
  requireRepository(call, 'admin')
  const repository = findRepository(call.world.registry, call.params.repository ?? '')
  return ok({ triggers: repository?.triggers.map((trigger) => triggerView(call, repository, trigger, true)) ?? [] })
}

function triggerOf(call: Call): { repository: Repository; trigger: Trigger } {
  requireRepository(call, 'admin')
  const repository = repositoryOf(call)
  return { repository, trigger: repository.triggers.find(({ id }) => id === param(call, 'trigger_uuid')) ?? notFound(call) }
}

function getTrigger(call: Call) {
  const { repository, trigger } = triggerOf(call)
  return ok(triggerView(call, repository, trigger, true))
}

function updateTrigger(call: Call) {
  const { repository, trigger } = triggerOf(call)
  requireNormal(call)
  const { enabled } = bodyOf<{ enabled: boolean }>(call)
  if (!trigger.active) invalidRequest(call, 'Cannot update an unactivated trigger')
  trigger.enabled = enabled
  trigger.disabledReason = enabled ? null : 'user_toggled'
  const details = { namespace: repository.namespace, repo: repository.name, trigger_id: trigger.id, service: trigger.service, enabled }
  log(call, 'toggle_repo_trigger', repository.namespace, details, fullName(repository))
  return ok(triggerView(call, repository, trigger, true))
}

function deleteTrigger(call: Call) {
  const { repository, trigger } = triggerOf(call)
  requireNormal(call)
  repository.triggers = repository.triggers.filter((other) => other !== trigger)
  log(call, 'delete_repo_trigger', repository.namespace, detailsOf(repository, trigger), fullName(repository))
  return noContent()
}

function detailsOf(repository: Repository, trigger: Trigger) {
  return {
    repo: repository.name,
    namespace: repository.namespace,
    trigger_id: trigger.id,
    service: trigger.service,
    config: trigger.config,
  }
}

function activateTrigger(call: Call) {
  const { repository, trigger } = triggerOf(call)
  requireNormal(call)
  const { config, pull_robot: robot = null } = bodyOf<{ config: Record<string, unknown>; pull_robot?: string | null }>(call)
  if (trigger.active) invalidRequest(call, 'Trigger config is not sufficient for activation.')
  if (robot !== null && !findRobot(call.world.registry, robot)) notFound(call)
  Object.assign(trigger, { active: true, config, pullRobot: robot, buildSource: String(config.build_source ?? '') })
  log(call, 'setup_repo_trigger', repository.namespace, detailsOf(repository, trigger), fullName(repository))
  return ok(triggerView(call, repository, trigger, true))
}

interface Run {
  branch_name?: string
  commit_sha?: string
}

function startTrigger(call: Call) {
  const { repository, trigger } = triggerOf(call)
  requireNormal(call)
  const { commit_sha: commit, branch_name: branch } = bodyOf<Run>(call)
  if (!trigger.enabled) invalidRequest(call, 'Trigger is not enabled.')
  if (!trigger.active) invalidRequest(call, 'Trigger is not active.')
  // A custom-git trigger builds commits, never branches.
  if (trigger.service === 'custom-git' && !commit) invalidRequest(call, 'missing commit_sha')
  const source = trigger.buildSource ?? ''
  const build = {
    ...emptyBuild(call.world.now(), commit ?? source),
    displayName: (commit ?? branch ?? source).slice(0, 7),
    // A run for a commit tags the image with it (docs/quay.md, Other).
    ...(trigger.service === 'custom-git' && commit && { tags: [commit.slice(0, 7)] }),
    context: String(trigger.config.context ?? '/'),
    dockerfilePath: String(trigger.config.dockerfile_path ?? '/Dockerfile'),
    manualUser: call.account?.name ?? null,
    pullRobot: trigger.pullRobot,
    trigger: trigger.id,
    triggerMetadata: { ...(commit && { commit }), ...(branch && { ref: `refs/heads/${branch}` }), git_url: source },
  }
  return answerStarted(call, repository, build)
}

function listBuilds(call: Call) {
  const { repository, trigger } = triggerOf(call)
  const builds = repository.builds.filter((build) => build.trigger === trigger.id).toReversed()
  return ok({ builds: builds.slice(0, Number(call.query.get('limit') ?? 5)).map((build) => buildView(call, repository, build)) })
}
