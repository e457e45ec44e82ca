import { randomBytes, randomUUID } from 'node:crypto'
import type { World } from './call.ts'
import type { Token } from './registry.ts'

const tenYears = 10 * 365 * 24 * 3600 * 1000

/** Makes an OAuth token as the organisation page of Quay does; tokens of one account and application share their id. */
export function issueToken(
  { registry, now }: World,
  account: string,
  scopes: string[],
  application = { clientId: 'QUAYMASTERSANDBOX001', name: 'quaymaster' },
): Token {
  const token: Token = {
    id: registry.nextId++,
    uuid: randomUUID(),
    token: randomBytes(30).toString('base64url'),
    account,
    scopes,
    application,
    created: now(),
    expires: now() + tenYears,
    revoked: false,
  }
  registry.tokens.push(token)
  return token
}

/** One that was made before with exactly these scopes and still works. */
export function findToken({ registry, now }: World, account: string, scopes: string[]) {
  return registry.tokens.find(
    (one) => one.account === account && one.scopes.join() === scopes.join() && !one.revoked && one.expires > now(),
  )
}

export function revokeToken({ registry }: World, token: string) {
  for (const one of registry.tokens) if (one.token === token) one.revoked = true
}
