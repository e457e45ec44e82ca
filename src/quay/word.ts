import { z } from 'zod'

/**
 * One of Quay's words of which these are known here. Another one, of a newer Quay, is kept as it is: one entry never breaks a list.
 * It is shown by its name and gives nobody anything, because code asks for the words that it knows.
 */
export type Word<Known extends string> = Known | (string & {})

/** Whether it is one of those that are known. */
export function isOneOf<Known extends string>(known: readonly Known[], read: Word<Known> | undefined): read is Known {
  return known.some((one) => one === read)
}

/** A word of Quay’s: one of the known, or of a later release. */
export function word<Known extends string>() {
  return z.string().transform((read): Word<Known> => read)
}
