import type { World } from './call.ts'
import type { Namespace, Quota } from './registry.ts'
import { has } from './release.ts'
import type { Repository } from './repository-state.ts'

/** The bytes a repository holds: each manifest once. */
export const sizeOf = (repository: Repository) => repository.manifests.reduce((sum, manifest) => sum + manifest.size, 0)

export function usageOf({ registry }: World, namespace: string) {
  return registry.repositories.filter((one) => one.namespace === namespace).reduce((sum, one) => sum + sizeOf(one), 0)
}

const limitView = ({ id, type, percent }: Quota['limits'][number]) => ({ id, type, limit_percent: percent })

/** Inside users and organisations; the quota endpoints themselves tell more. */
const shortQuota = ({ id, limitBytes, limits }: Quota) => ({ id, limit_bytes: limitBytes, limits: limits.map(limitView) })

export function fullQuota(quota: Quota) {
  const { id, limitBytes, limits } = quota
  return {
    id,
    limit_bytes: limitBytes,
    limit: readable(limitBytes),
    default_config: false,
    limits: limits.map(limitView),
    default_config_exists: false,
  }
}

export function quotaParts(world: World, namespace: Namespace) {
  const { QUOTA_MANAGEMENT, EDIT_QUOTA } = world.registry.features
  if (!QUOTA_MANAGEMENT || (!EDIT_QUOTA && has(world.registry, 'quotasNeedEditQuota'))) return {}
  return { quotas: namespace.quotas.map(shortQuota), quota_report: quotaReport(world, namespace) }
}

/** Quay counts a namespace only once something was pushed into it: until then the backfill waits. */
function quotaReport(world: World, namespace: Namespace) {
  const bytes = usageOf(world, namespace.name)
  const backfill = bytes > 0 ? 'complete' : 'waiting'
  return {
    quota_bytes: bytes,
    configured_quota: namespace.quotas[0]?.limitBytes ?? null,
    running_backfill: backfill,
    backfill_status: backfill,
  }
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/** `10.0 GiB`, as the quota endpoints print it. */
export function readable(bytes: number) {
  let rest = bytes
  let unit = 0
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024
    unit++
  }
  return `${rest.toFixed(1)} ${units[unit]}`
}
