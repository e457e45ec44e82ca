import { withoutCredentials } from './exchanges.ts'
import type { Registry } from './registry.ts'

/** The state for GET /_control/quay. Functions and everything secret stay out. */
export function snapshotOf(registry: Registry): object {
  const { tokens, ...rest } = registry
  const holders = tokens
    .filter((token) => !token.revoked)
    .map(({ account, scopes, application }) => ({ account, scopes, application: application.name }))
  const plain = JSON.parse(JSON.stringify({ ...rest, tokens: holders })) as Record<string, unknown> // plain data, see registry.ts
  return { ...(withoutCredentials({ ...plain, tokens: undefined }) as object), tokens: holders } // of an object it makes one
}
