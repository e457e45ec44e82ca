import { about } from '../banner.ts'
import type { Routes } from '../control/route.ts'
import type { SimulatedQuay } from '../quay/api.ts'
import { fieldsOf, listOf, textOf } from '../slack/json.ts'
import { buildRoute } from './build-route.ts'
import { summary } from './registry-summary.ts'
import { screenOf } from './screen.ts'
import { trafficOf } from './traffic.ts'

/** Endpoints of the control API for the page, besides those for tests. curl can use them too. */
export function pageRoutes({ quay, origin, manifest }: { quay: SimulatedQuay; origin: () => string; manifest: unknown }): Routes {
  return {
    reads: {
      screen: screenOf,
      commands: () => ({ commands: offered(manifest), shortcuts: listOf(fieldsOf(fieldsOf(manifest).features).shortcuts) }),
      traffic: ({ slack }, { after, limit }) => trafficOf(slack.traffic, quay.exchanges, Number(limit) || 200, Number(after) || 0),
      about: () => about(origin()),
      registry: () => summary(quay.registry),
      faults: ({ slack }) => ({ quay: quay.fault() ?? {}, slack: slack.fault() }),
    },
    actions: { 'quay/build': (_, given) => buildRoute(quay, origin(), given) },
  }
}

/** The suggestions after a slash: what the manifest says, as Slack shows it. */
function offered(manifest: unknown) {
  return listOf(fieldsOf(fieldsOf(manifest).features).slash_commands).map((one) => ({
    command: textOf(one.command),
    description: textOf(one.description),
    usage_hint: textOf(one.usage_hint),
  }))
}
