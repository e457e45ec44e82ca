import { z } from 'zod'
import type { Credential } from '../core/credential.ts'
import { Failure } from '../core/failure.ts'
import { isoOf, toTheSecond } from './dates.ts'
import { call, done, find } from './http.ts'
import { publicUrl } from './public-url.ts'
import type { Quay } from './registry.ts'

/** What Quay is told about a mirror: a repository that it fills from another registry. */
export interface MirrorSettings {
  /** Without a scheme: `quay.io/minio/mc`. Quay must be able to resolve the host, and take it for a public one. */
  reference: string
  /** Patterns, at least one: `latest`, `v3.*`. */
  tags: string[]
  /** Seconds between two synchronisations. */
  interval: number
  /** ISO: when the first one, or the next one, begins. */
  start: string
  /** `acme+mirror`: a robot of the same organisation, who will push. */
  robot: string
  enabled: boolean
  username: string | undefined
  verifyTls: boolean | undefined
  unsignedImages: boolean | undefined
  proxy: Proxy
  /** Seconds that copying may take; 300 or more. Undefined: this registry has no such limit. */
  timeout: number | undefined
}

export interface Proxy {
  http?: string | undefined
  https?: string | undefined
  /** Hosts that need none, with commas. */
  none?: string | undefined
}

export interface Mirror extends MirrorSettings {
  /** `never-run`, `sync-now` (asked for), `syncing`, `success`, `fail`, `cancel`. */
  status: string
  retriesLeft: number
}

const proxy = z
  .object({ http_proxy: z.string().nullish(), https_proxy: z.string().nullish(), no_proxy: z.string().nullish() })
  .transform((read): Proxy => ({ http: publicUrl(read.http_proxy), https: publicUrl(read.https_proxy), none: read.no_proxy ?? undefined }))

const mirror = z
  .object({
    is_enabled: z.boolean(),
    external_reference: z.string(),
    external_registry_username: z.string().nullish(),
    external_registry_config: z
      .object({ verify_tls: z.boolean(), unsigned_images: z.boolean(), proxy: proxy.nullable() })
      .partial()
      .nullish(),
    sync_interval: z.number(),
    sync_start_date: z.string(),
    sync_status: z.string(),
    sync_retries_remaining: z.number().nullish(),
    root_rule: z.object({ rule_value: z.array(z.string()) }),
    robot_username: z.string().nullish(),
    skopeo_timeout_interval: z.number().nullish(),
  })
  .transform(
    (read): Mirror => ({
      reference: read.external_reference,
      tags: read.root_rule.rule_value,
      interval: read.sync_interval,
      start: isoOf(read.sync_start_date) ?? read.sync_start_date,
      robot: read.robot_username ?? '',
      enabled: read.is_enabled,
      username: read.external_registry_username ?? undefined,
      verifyTls: read.external_registry_config?.verify_tls,
      unsignedImages: read.external_registry_config?.unsigned_images,
      proxy: read.external_registry_config?.proxy ?? {},
      timeout: read.skopeo_timeout_interval ?? undefined,
      status: read.sync_status.toLowerCase().replaceAll('_', '-'),
      retriesLeft: read.sync_retries_remaining ?? 0,
    }),
  )

const path = '/repository/{repository}/mirror'

/** Undefined when the repository is no mirror. */
export function findMirror(quay: Quay, repository: string): Promise<Mirror | undefined> {
  return find(quay, { path, params: { repository }, response: mirror })
}

/** The mirror, which has to be there. Not found: it is not. */
export async function readMirror(quay: Quay, repository: string): Promise<Mirror> {
  const found = await findMirror(quay, repository)
  if (!found) throw new Failure('not_found', '{repository} is not a mirror.', { repository })
  return found
}

type NewMirror = Pick<MirrorSettings, 'reference' | 'tags' | 'interval' | 'start' | 'robot'> & MirrorChange

/**
 * Makes a mirror of the repository, which from then on nobody can push to. Conflict: it is one already. Invalid: the reference, an
 * interval or a robot of another organisation. Not found: no such repository or robot. Whose fault it is: `quayAnswer`.
 */
export async function createMirror(quay: Quay, repository: string, settings: NewMirror): Promise<void> {
  // Releases before 3.15 break on the timeout, and later ones want it. Without the robot, which is said to be optional, all do.
  const takesTimeout = quay.capabilities.accepts(path, 'POST', 'skopeo_timeout_interval') !== false
  const timeout = settings.timeout ?? (takesTimeout ? 300 : undefined)
  const body = { ...bodyOf({ ...settings, timeout }), ...(settings.proxy && { external_registry_config: configOf(settings) }) }
  await call(quay, { method: 'POST', path, params: { repository }, body, assume: undefined, response: done })
}

/** `password` needs the `username` beside it. */
export type MirrorChange = { [Name in keyof MirrorSettings]?: MirrorSettings[Name] | undefined } & { password?: Credential | undefined }

/** Changes what is given. Not found: the repository is no mirror. An empty proxy takes the proxy away. */
export async function updateMirror(quay: Quay, repository: string, { proxy, ...change }: MirrorChange): Promise<void> {
  const put = (body: object) => call(quay, { method: 'PUT', path, params: { repository }, body, assume: undefined, response: done })
  const body = bodyOf(change)
  if (Object.values(body).some((value) => value !== undefined)) await put(body)
  // Of several proxies in one call Quay loses some (recorded: mirror-put-config, mirror-get-after-puts).
  for (const [name, value] of Object.entries(proxyOf(proxy ?? {}))) {
    if (value !== undefined) await put({ external_registry_config: { proxy: { [name]: value || null } } })
  }
}

/** Starts a synchronisation now, also of a mirror that is switched off. Not found: the repository is no mirror. */
export async function syncMirror(quay: Quay, repository: string): Promise<void> {
  await call(quay, {
    method: 'POST',
    path: '/repository/{repository}/mirror/sync-now',
    params: { repository },
    assume: undefined,
    response: done,
  })
}

/** Not found: the repository is no mirror, or nothing runs. */
export async function cancelMirrorSync(quay: Quay, repository: string): Promise<void> {
  await call(quay, {
    method: 'POST',
    path: '/repository/{repository}/mirror/sync-cancel',
    params: { repository },
    assume: undefined,
    response: done,
  })
}

// In the order of the document that everybody copies from (15.4.9), so that the two can be laid side by side.
function bodyOf(change: MirrorChange) {
  return {
    is_enabled: change.enabled,
    external_reference: change.reference,
    external_registry_username: change.username,
    external_registry_password: change.password,
    external_registry_config: change.verifyTls === undefined && change.unsignedImages === undefined ? undefined : configOf(change),
    sync_interval: change.interval,
    sync_start_date: change.start && toTheSecond(change.start),
    root_rule: change.tags && { rule_kind: 'tag_glob_csv', rule_value: change.tags },
    robot_username: change.robot,
    skopeo_timeout_interval: change.timeout,
  }
}

function configOf({ verifyTls, unsignedImages, proxy }: MirrorChange) {
  return { unsigned_images: unsignedImages, verify_tls: verifyTls, ...(proxy && { proxy: proxyOf(proxy) }) }
}

function proxyOf({ http, https, none }: Proxy) {
  return { http_proxy: http, https_proxy: https, no_proxy: none }
}
