import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { type Build, buildAnswer, buildOf } from './build.ts'
import { call, done, find } from './http.ts'
import { namespaceOf, withoutNamespace } from './names.ts'
import type { Quay } from './registry.ts'

/** What starts a build when code is pushed. */
export interface Trigger {
  id: string
  /** github, gitlab, bitbucket, custom-git. */
  service: string
  /** The code's repository: `acme/code` at a service, an address otherwise. */
  source: string
  url: string | undefined
  dockerfile: string | undefined
  context: string | undefined
  /** Set up to the end; only then it can run. */
  active: boolean
  enabled: boolean
  disabledReason: string | undefined
  pullRobot: string | undefined
}

const trigger = z
  .object({
    id: z.string(),
    service: z.string(),
    build_source: z.string().nullish(),
    repository_url: z.string().nullish(),
    config: z.object({ dockerfile_path: z.string().nullish(), context: z.string().nullish() }).nullish(),
    is_active: z.boolean().default(false),
    enabled: z.boolean().default(true),
    disabled_reason: z.string().nullish(),
    pull_robot: z.object({ name: z.string() }).nullish(),
  })
  .transform(
    (read): Trigger => ({
      id: read.id,
      service: read.service,
      source: read.build_source ?? '',
      url: read.repository_url ?? undefined,
      dockerfile: read.config?.dockerfile_path ?? undefined,
      context: read.config?.context ?? undefined,
      active: read.is_active,
      enabled: read.enabled,
      disabledReason: read.disabled_reason ?? undefined,
      pullRobot: read.pull_robot?.name,
    }),
  )

const path = '/repository/{repository}/trigger/{trigger_uuid}'

/** Build triggers, also those whose set-up was not finished. Needs admin. Not found: no such repository. */
export async function listTriggers(quay: Quay, repository: string): Promise<Trigger[]> {
  const response = z.object({ triggers: z.array(trigger) })
  return (await call(quay, { method: 'GET', path: '/repository/{repository}/trigger/', params: { repository }, response })).triggers
}

/** Undefined when the repository has none of that id. */
export function findTrigger(quay: Quay, repository: string, id: string): Promise<Trigger | undefined> {
  return find(quay, { path, params: { repository, trigger_uuid: id }, response: trigger })
}

/** The trigger, which has to be there. Not found: there is none. */
export async function readTrigger(quay: Quay, repository: string, id: string): Promise<Trigger> {
  const found = await findTrigger(quay, repository, id)
  if (!found) throw new Failure('not_found', '{repository} has no build trigger {id}.', { repository, id })
  return found
}

/** One that is set up: Quay switches no other on or off (recorded: trigger-enable). Not found; conflict: it is not set up. */
export async function readActiveTrigger(quay: Quay, repository: string, id: string): Promise<Trigger> {
  const found = await readTrigger(quay, repository, id)
  if (!found.active)
    throw new Failure(
      'conflict',
      'The setup of build trigger {id} is incomplete. Complete it in the Quay web console, or delete the trigger.',
      { id },
    )
  return found
}

/** Builds what the trigger would build: a branch at a service, a commit of a custom one. Conflict: it is not set up, or builds wait. */
export async function runTrigger(
  quay: Quay,
  repository: string,
  id: string,
  { branch, commit }: { branch?: string; commit?: string } = {},
): Promise<Build> {
  const name = { namespace: namespaceOf(repository), name: withoutNamespace(repository) }
  const started = await call(quay, {
    method: 'POST',
    path: '/repository/{repository}/trigger/{trigger_uuid}/start',
    params: { repository, trigger_uuid: id },
    body: { branch_name: branch, commit_sha: commit },
    assume: { id: 'dry-run', phase: 'waiting', repository: name },
    response: buildAnswer,
  })
  return buildOf(quay, started)
}

/** The builds that the trigger started, newest first. */
export async function listTriggerBuilds(quay: Quay, repository: string, id: string, limit = 20): Promise<Build[]> {
  const response = z.object({ builds: z.array(buildAnswer) })
  const template = '/repository/{repository}/trigger/{trigger_uuid}/builds'
  const { builds } = await call(quay, {
    method: 'GET',
    path: template,
    params: { repository, trigger_uuid: id },
    query: { limit },
    response,
  })
  return builds.map((read) => buildOf(quay, read))
}

/** Conflict: the trigger is not set up. */
export async function setTrigger(quay: Quay, repository: string, id: string, state: 'enabled' | 'disabled'): Promise<void> {
  const enabled = state === 'enabled'
  await call(quay, { method: 'PUT', path, params: { repository, trigger_uuid: id }, body: { enabled }, assume: undefined, response: done })
}

/** Not found: there is none. */
export async function deleteTrigger(quay: Quay, repository: string, id: string): Promise<void> {
  await call(quay, { method: 'DELETE', path, params: { repository, trigger_uuid: id }, assume: undefined, response: done })
}
