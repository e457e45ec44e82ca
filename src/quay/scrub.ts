import type { Credential } from '../core/credential.ts'

const cut = '[credential]'

/** Quay's words without credentials: those that were sent, those in fields that hold one, and whatever looks like one. */
export function scrub(text: string, credentials: Credential[]) {
  const known = credentials.map((credential) => credential.reveal()).filter((value) => value.length > 3)
  return known
    .reduce((rest, value) => rest.replaceAll(value, cut), text)
    .replaceAll(/(['"][\w-]*(?:token|password|secret|authorization)[\w-]*['"]\s*:\s*u?(['"]))(?:(?!\2).)*/gi, `$1${cut}`)
    .replaceAll(/(\/\/)[^/\s"'@]+@/g, `$1${cut}@`)
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${cut}`)
    .replaceAll(/\b(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[a-z0-9])[A-Za-z0-9]{32,}\b/g, cut)
}

export function isCredential(value: unknown): value is Credential {
  return typeof value === 'object' && value !== null && 'reveal' in value
}

/** Every credential in what is sent, however deep. */
export function credentialsIn(value: unknown): Credential[] {
  if (isCredential(value)) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(credentialsIn) : []
}

/** JSON for Quay alone: here, and nowhere else, a credential is written as it is. */
export function revealed(body: object) {
  return JSON.stringify(body, function (this: Record<string, unknown>, key, value) {
    const original = this[key]
    return isCredential(original) ? original.reveal() : value
  })
}
