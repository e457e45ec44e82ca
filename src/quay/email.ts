import { z } from 'zod'

// Where mailing is off Quay gives a user or an organization without an e-mail address a UUID in its place (docs/quay.md, Other).
const placeholder = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** An e-mail address as Quay has it; undefined for none, and for what stands in its place: it is shown to nobody and links nobody. */
export const shownEmail = z
  .string()
  .nullish()
  .transform((read) => (read && !placeholder.test(read) ? read : undefined))
