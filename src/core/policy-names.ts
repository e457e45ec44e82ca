import { z } from 'zod'

// Quay's names in a policy: a name that cannot exist is reported as a mistake (docs/SECURITY.md rule 31).

// Quay's grammar of organizations, users and teams (quay/names.ts has it for commands).
const grammar = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/
const patternSigns = /[*?[\]{}()!|]/

function named(problemOf: (name: string) => string | undefined) {
  return z.string().superRefine((name, context) => {
    const problem = problemOf(name)
    if (problem) context.addIssue(problem)
  })
}

function spaceProblem(name: string) {
  return name === name.trim() ? undefined : 'has a space before or after it, so it is not a valid name in Quay'
}

/** An exact namespace or account. */
export const exactName = named((name) => {
  if (patternSigns.test(name)) return 'must be an exact name; patterns are not supported here'
  if (name.includes('/')) return 'must be a namespace, without a repository'
  if (/[A-Z]/.test(name) && grammar.test(name.toLowerCase())) return `must be in lower case, as Quay has it: ${name.toLowerCase()}`
  return spaceProblem(name) ?? (grammar.test(name) ? undefined : 'is not a valid name in Quay')
})

/** A glob on whole namespaces, case-insensitive. */
export const namespaceGlob = named((glob) => {
  if (glob.includes('/')) return 'is matched against namespaces, which have no slash. Leave the repository out'
  const problem = spaceProblem(glob)
  if (problem) return problem
  if (patternSigns.test(glob)) return /^[\w.*?[\]{}()!|,@+^-]+$/.test(glob) ? undefined : 'can’t match any name in Quay'
  return grammar.test(glob.toLowerCase()) ? undefined : 'is not a valid name in Quay'
})

/** Whether the glob matches only one namespace. */
export function isLiteral(glob: string) {
  return !patternSigns.test(glob)
}
