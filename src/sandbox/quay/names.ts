import { dataModelError } from './errors.ts'

// Of teams, organizations, users and robots (docs/quay.md, Names).
const pattern = /^([a-z0-9]+(?:[._-][a-z0-9]+)*)$/
const wording = '^([a-z0-9]+(?:[._-][a-z0-9]+)*)$'

/** What is wrong with a name, in Quay's words; undefined when nothing is. */
export function flawOfName(name: string) {
  if (name.length < 2 || name.length > 255) return 'Namespace must be between 2 and 255 characters in length'
  if (!pattern.test(name)) return `Namespace must match expression ${wording}`
}

export function requireName(what: string, name: string) {
  const flaw = flawOfName(name)
  if (flaw) dataModelError(`Invalid ${what} ${name}: ${flaw}`)
}

/** Quay's own pattern for the part after the namespace; with EXTENDED_REPOSITORY_NAMES it may hold slashes. */
export const isRepositoryName = (name: string, nested: boolean) =>
  (nested ? /^(?=.{1,255}$)[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/ : /^[a-z0-9][.a-z0-9_-]{0,254}$/).test(name)

export const isEmail = (text: string) => /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(text)
export const isPassword = (text: string) => text.length >= 8 && !/\s/.test(text)
export const badPassword = 'Invalid password, password must be at least 8 characters and contain no whitespace.'
export const tagPattern = /^[\w][\w.-]{0,127}$/
