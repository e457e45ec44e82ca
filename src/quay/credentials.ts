import type { Credential } from '../core/credential.ts'

/** Whether it is a credential that is shown only by `reveal`. */
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
