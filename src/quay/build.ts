import { z } from 'zod'
import { type Credential, credential } from '../core/credential.ts'
import type { Phase } from './build-phase.ts'
import { isoOf, isoOfSeconds } from './dates.ts'
import { publicUrl } from './public-url.ts'
import type { Quay } from './registry.ts'

export interface Build {
  id: string
  /** `acme/web` */
  repository: string
  /** Its page in Quay. */
  url: string
  phase: Phase
  /** ISO: when it was asked for. */
  started: string | undefined
  tags: string[]
  /** The Dockerfile and the context, as Quay understood them: paths in the archive. */
  dockerfile: string
  context: string
  /** Where the archive is, without what must not be shown of its address; undefined for a trigger's build. */
  archive: string | undefined
  /** The whole address, to build again. */
  archiveUrl: Credential | undefined
  pullRobot: string | undefined
  /** The account that asked Quay: the bot's own for builds from Slack. Undefined: a trigger. */
  startedBy: string | undefined
  /** What started it, unless a person did. */
  trigger: { id: string; service: string; source: string | undefined } | undefined
  commit: { id: string; ref: string | undefined; message: string | undefined } | undefined
  error: string | undefined
  progress: Progress
}

export interface Progress {
  /** Lines of the Dockerfile: which one runs, of how many. */
  command: number | undefined
  commands: number | undefined
  /** From 0 to 1. */
  pulled: number | undefined
  pushed: number | undefined
  /** ISO: when the builder was last heard of. */
  heartbeat: string | undefined
}

const progress = z
  .object({
    current_command: z.number().nullish(),
    total_commands: z.number().nullish(),
    pull_completion: z.number().nullish(),
    push_completion: z.number().nullish(),
    heartbeat: z.number().nullish(),
  })
  .transform(
    (read): Progress => ({
      command: read.current_command ?? undefined,
      commands: read.total_commands ?? undefined,
      pulled: read.pull_completion ?? undefined,
      pushed: read.push_completion ?? undefined,
      heartbeat: isoOfSeconds(read.heartbeat),
    }),
  )

const metadata = z.object({
  commit: z.string().nullish(),
  ref: z.string().nullish(),
  commit_info: z.object({ message: z.string().nullish() }).nullish(),
})

/** A build as Quay words it. */
export const buildAnswer = z.object({
  id: z.string(),
  repository: z.object({ namespace: z.string(), name: z.string() }),
  phase: z.string(),
  started: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  dockerfile_path: z.string().nullish(),
  context: z.string().nullish(),
  archive_url: z.string().nullish(),
  pull_robot: z.object({ name: z.string() }).nullish(),
  manual_user: z.string().nullish(),
  trigger: z.object({ id: z.string(), service: z.string(), build_source: z.string().nullish() }).nullish(),
  trigger_metadata: metadata.nullish(),
  error: z.string().nullish(),
  status: progress.nullish(),
})

/** A build as Quay’s API shows it, in the one form that all use. */
export function buildOf(quay: Quay, read: z.output<typeof buildAnswer>): Build {
  const repository = `${read.repository.namespace}/${read.repository.name}`
  const { commit, ref, commit_info } = read.trigger_metadata ?? {}
  return {
    id: read.id,
    repository,
    url: new URL(`/repository/${repository}/build/${read.id}`, quay.url).href,
    phase: read.phase,
    started: isoOf(read.started),
    tags: read.tags,
    dockerfile: read.dockerfile_path ?? '',
    context: read.context ?? '',
    archive: publicUrl(read.archive_url),
    archiveUrl: read.archive_url ? credential().parse(read.archive_url) : undefined,
    pullRobot: read.pull_robot?.name,
    startedBy: read.manual_user ?? undefined,
    trigger: read.trigger
      ? { id: read.trigger.id, service: read.trigger.service, source: read.trigger.build_source ?? undefined }
      : undefined,
    commit: commit ? { id: commit, ref: ref ?? undefined, message: commit_info?.message ?? undefined } : undefined,
    error: read.error ?? undefined,
    progress: read.status ?? progress.parse({}),
  }
}
