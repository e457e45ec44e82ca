import { z } from 'zod'
import { call, done } from './http.ts'
import type { Grantee, RepositoryRole } from './permissions.ts'
import type { Quay } from './registry.ts'
import { type Word, word } from './word.ts'

/** A permission that Quay gives by itself on every new repository of an organisation (Quay calls it a prototype). */
export interface DefaultPermission {
  id: string
  to: { kind: Word<Grantee['kind']>; name: string }
  role: Word<RepositoryRole>
  /** Only on repositories that this account creates; undefined: on everybody's. Never the case of what the bot creates for a person. */
  createdBy: string | undefined
}

const prototype = z
  .object({
    id: z.string(),
    role: word<RepositoryRole>(),
    delegate: z.object({ name: z.string(), kind: word<'user' | 'team'>(), is_robot: z.boolean().default(false) }),
    activating_user: z.object({ name: z.string() }).nullish(),
  })
  .transform(
    ({ id, role, delegate, activating_user }): DefaultPermission => ({
      id,
      to: { kind: delegate.is_robot ? 'robot' : delegate.kind, name: delegate.name },
      role,
      createdBy: activating_user?.name,
    }),
  )

const all = '/organization/{orgname}/prototypes'
const one = '/organization/{orgname}/prototypes/{prototypeid}'

/** All of them: Quay has no pages here. Needs admin of the organization. */
export async function listDefaultPermissions(quay: Quay, organization: string): Promise<DefaultPermission[]> {
  const response = z.object({ prototypes: z.array(prototype) })
  return (await call(quay, { method: 'GET', path: all, params: { orgname: organization }, response })).prototypes
}

/** The one of this grantee for what this creator creates, or (undefined) for everybody's. */
export async function findDefaultPermission(
  quay: Quay,
  organization: string,
  { to, createdBy }: Pick<DefaultPermission, 'to' | 'createdBy'>,
): Promise<DefaultPermission | undefined> {
  const all = await listDefaultPermissions(quay, organization)
  return all.find((one) => one.to.kind === to.kind && one.to.name === to.name && one.createdBy === createdBy)
}

/** Not found: no such grantee or creator. */
export function createDefaultPermission(
  quay: Quay,
  organization: string,
  wanted: Omit<DefaultPermission, 'id'>,
): Promise<DefaultPermission> {
  const { to, role, createdBy } = wanted
  // Robots are users to Quay.
  const delegate = { name: to.name, kind: to.kind === 'team' ? ('team' as const) : ('user' as const) }
  const body = { role, delegate, ...(createdBy !== undefined && { activating_user: { name: createdBy } }) }
  const assume = { id: 'dry-run', role, delegate: { ...delegate, is_robot: to.kind === 'robot' } }
  return call(quay, { method: 'POST', path: all, params: { orgname: organization }, body, assume, response: prototype })
}

/** Not found: there is none. What it gave stays. */
export async function deleteDefaultPermission(quay: Quay, organization: string, id: string): Promise<void> {
  await call(quay, { method: 'DELETE', path: one, params: { orgname: organization, prototypeid: id }, assume: undefined, response: done })
}
