/** What can be given for a while: a permission on a repository, or membership of a team. */
export type Kind = 'repository' | 'team'
export type Role = 'read' | 'write' | 'admin' | 'member'

const ladders: Record<Kind, readonly Role[]> = { repository: ['read', 'write', 'admin'], team: ['member'] }

/** The role of that name; null for none, and for what no release knows. */
export function roleOf(kind: Kind, name: string | null | undefined): Role | null {
  return ladders[kind].find((role) => role === name) ?? null
}

/**
 * The permission in force: the highest of what is held without an end and of every grant that is in force. What one grant gives is
 * never taken away by the end of another, in whatever order they end.
 */
export function inForce(kind: Kind, permanent: Role | null, given: readonly Role[]): Role | null {
  return [permanent, ...given].reduce((one, other) => (isMore(kind, other, one) ? other : one), null)
}

/** Whether one role allows more than the other; null is no role. */
export function isMore(kind: Kind, role: Role | null, than: Role | null): boolean {
  return heightOf(kind, role) > heightOf(kind, than)
}

function heightOf(kind: Kind, role: Role | null) {
  return role === null ? -1 : ladders[kind].indexOf(role)
}
