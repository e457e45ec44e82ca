import { advanceBuilds } from './build-life.ts'
import type { World } from './call.ts'
import { cleanUpWhenDue } from './clean-up.ts'
import { announceExpiries } from './image-expiry.ts'
import { countRegistry } from './installation.ts'
import { advanceMirrors } from './mirror-life.ts'
import { announceQuotas } from './quota-life.ts'
import { finishScans } from './scans.ts'
import { sendDue } from './webhooks.ts'

/** Lets everything that depends on time catch up: builds, scans, mirrors, expiring tags, quotas, and notifications that failed before. */
export function advance(world: World) {
  if (world.registry.state === 'readonly') return
  advanceBuilds(world)
  finishScans(world)
  advanceMirrors(world)
  announceExpiries(world)
  announceQuotas(world)
  countRegistry(world)
  cleanUpWhenDue(world)
  sendDue(world)
}
