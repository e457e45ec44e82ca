import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Credential, credential } from '../core/credential.ts'
import { Failure } from '../core/failure.ts'
import { shownEmail } from './email.ts'
import { call, done, find } from './http.ts'
import type { Page } from './pages.ts'
import type { Quay } from './registry.ts'

/** An account of a person; organisations and robots are none. */
export interface User {
  username: string
  /** Undefined: without one, which Quay allows while MAILING is off. */
  email: string | undefined
  /** Whether Quay checked the address. While MAILING is off it says so of any address. */
  verified: boolean
  enabled: boolean
  superuser: boolean
  /** Reads everything in the registry and changes nothing of it; such an account is no superuser. */
  globalReader: boolean
  /** Bytes, where Quay counts them. */
  size: number | undefined
}

/** Whether Quay shows the account everything: of a superuser that depends on FEATURE_SUPERUSERS_FULL_ACCESS. */
export function readsEverything({ capabilities }: Quay, { globalReader, superuser }: User) {
  return globalReader || (superuser && capabilities.superusersFullAccess)
}

const user = z
  .object({
    username: z.string(),
    email: shownEmail,
    verified: z.boolean().default(false),
    enabled: z.boolean(),
    super_user: z.boolean(),
    global_readonly_super_user: z.boolean().default(false),
    quota_report: z.object({ quota_bytes: z.number().nullish() }).nullish(),
  })
  .transform(
    (read): User => ({
      username: read.username,
      email: read.email,
      verified: read.verified,
      enabled: read.enabled,
      superuser: read.super_user,
      globalReader: read.global_readonly_super_user,
      size: read.quota_report?.quota_bytes ?? undefined,
    }),
  )

const path = '/superuser/users/{username}'

/** The account, also a disabled one; undefined when Quay has no user of that name. */
export function findUser(quay: Quay, account: string) {
  return find(quay, { path, params: { username: account }, response: user })
}

/** The account, which has to be there. Not found: it is not. */
export async function readUser(quay: Quay, account: string): Promise<User> {
  const found = await findUser(quay, account)
  if (!found) throw new Failure('not_found', 'User {user} not found.', { user: account })
  return found
}

/** The account, if a superuser may change it: Quay lets nobody change or delete another superuser. Not found: there is none. */
export async function readChangeable(quay: Quay, account: string): Promise<User> {
  const found = await readUser(quay, account)
  if (found.superuser)
    throw new Failure(
      'conflict',
      '{user} is a superuser, and Quay does not allow changing superusers. Remove the name from SUPER_USERS in config.yaml first.',
      {
        user: account,
      },
    )
  return found
}

/** A page of accounts, the disabled ones included unless `enabledOnly`. `limit`: 1 to 100 (Quay pages only when asked to). */
export async function listUsers(
  quay: Quay,
  { limit = 20, enabledOnly = false, next }: { limit?: number | undefined; enabledOnly?: boolean; next?: string | undefined } = {},
): Promise<Page<'users', User>> {
  const query = { limit, ...(enabledOnly && { disabled: false }), next_page: next }
  const answer = await call(quay, {
    method: 'GET',
    path: '/superuser/users/',
    query,
    response: z.object({ users: z.array(user), next_page: z.string().optional() }),
  })
  return { users: answer.users, next: answer.next_page }
}

/** A new account with the credentials that Quay made for it. */
export interface NewUser {
  username: string
  email: string | undefined
  password: Credential
  /** For `podman login` and the like. */
  encryptedPassword: Credential
}

/**
 * Creates an account. Conflict: the name or, with MAILING, the address is taken, or accounts come from a directory. Invalid: the
 * name or the address. A name of a deleted account is taken until Quay has cleaned up.
 */
export function createUser(quay: Quay, { username, email }: { username: string; email?: string | undefined }): Promise<NewUser> {
  return call(quay, {
    method: 'POST',
    path: '/superuser/users/',
    body: { username, ...(email !== undefined && { email }) },
    assume: { username, email, password: '', encrypted_password: '' },
    response: z
      .object({ username: z.string(), email: shownEmail, password: credential(), encrypted_password: credential() })
      .transform((read) => ({
        username: read.username,
        email: read.email,
        password: read.password,
        encryptedPassword: read.encrypted_password,
      })),
  })
}

/**
 * Changes the address or switches the account on or off. Conflict: a superuser, whom Quay lets nobody change, or an address that a
 * directory keeps. Quay says nothing of an address that somebody else has (recorded: mailing-su-user-put-email-conflict).
 */
export async function updateUser(quay: Quay, account: string, change: { email?: string; enabled?: boolean }): Promise<void> {
  // Its answer tells the old `enabled` (recorded: su-user-put-disable), so nobody reads it.
  await call(quay, { method: 'PUT', path, params: { username: account }, body: change, assume: undefined, response: done })
}

/** Sets a password. Invalid: shorter than 8 characters, or with white space. Conflict: a superuser, or a directory keeps passwords. */
export function setPassword(quay: Quay, account: string, password: Credential): Promise<{ encryptedPassword: Credential | undefined }> {
  return call(quay, {
    method: 'PUT',
    path,
    params: { username: account },
    body: { password },
    assume: {},
    response: z
      .object({ encrypted_password: credential().optional() })
      .transform((read) => ({ encryptedPassword: read.encrypted_password })),
  })
}

/** Sets a new random password, and gives it with the encrypted one. The old one is worth nothing from then on. */
export async function resetPassword(
  quay: Quay,
  account: string,
): Promise<{ password: Credential; encryptedPassword: Credential | undefined }> {
  const password = credential().parse(randomBytes(24).toString('base64url'))
  return { password, ...(await setPassword(quay, account, password)) }
}

/** Deletes the account with its repositories. Conflict: a superuser. */
export async function deleteUser(quay: Quay, account: string): Promise<void> {
  await call(quay, { method: 'DELETE', path, params: { username: account }, assume: undefined, response: done })
}
