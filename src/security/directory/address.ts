import { hashedAddress, type Keys } from '../../core/keys.ts'

// ASCII only, and dots and plus signs count: look-alike letters would match other people's addresses (docs/SECURITY.md rule 5).
const ascii = /^[\x21-\x7e]+$/

/** Compared without regard to case. Addresses outside ASCII never match: two that look alike can be two people’s. */
export function isSameAddress(one: string | undefined, other: string | undefined) {
  return one !== undefined && other !== undefined && ascii.test(one) && ascii.test(other) && one.toLowerCase() === other.toLowerCase()
}

/** What the directory may have kept of an address, by any key of the ring; none for one that can link nobody. */
export function hashesOf({ ring }: Keys, email: string | undefined): string[] {
  return email !== undefined && ascii.test(email) ? ring.map((key) => hashedAddress(key, email.toLowerCase())) : []
}

/** What the directory keeps of an address; null of one that can link nobody. */
export function hashOf(keys: Keys, email: string | undefined): string | null {
  return email !== undefined && ascii.test(email) ? hashedAddress(keys, email.toLowerCase()) : null
}

/** The address, and the same one in each domain that the policy says is equivalent: `identity.domains`. */
export function equivalents(email: string, groups: string[][] = []): string[] {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1).toLowerCase()
  const others = groups.find((group) => group.includes(domain))?.filter((other) => other !== domain) ?? []
  return [email, ...others.map((other) => `${email.slice(0, at)}@${other}`)]
}
