import { z } from 'zod'

// Names as Quay has them, in a policy: what protects or matches nothing is a mistake, and is told as one (docs/SECURITY.md rule 31).

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
  return name === name.trim() ? undefined : 'has a space before or after it, so it is no name in Quay'
}

/** A namespace or an account as it stands. */
export const exactName = named((name) => {
  if (patternSigns.test(name)) return 'is taken as it stands, no pattern is known here: name each one'
  if (name.includes('/')) return 'must be a namespace, without a repository'
  if (/[A-Z]/.test(name) && grammar.test(name.toLowerCase())) return `must be in lower case, as Quay has it: ${name.toLowerCase()}`
  return spaceProblem(name) ?? (grammar.test(name) ? undefined : 'is no name that Quay can have')
})

/** A glob on whole namespaces, whose case does not matter. */
export const namespaceGlob = named((glob) => {
  if (glob.includes('/')) return 'is compared with namespaces, and none has a slash: leave the repository out'
  const problem = spaceProblem(glob)
  if (problem) return problem
  if (patternSigns.test(glob)) return /^[\w.*?[\]{}()!|,@+^-]+$/.test(glob) ? undefined : 'can match no name that Quay has'
  return grammar.test(glob.toLowerCase()) ? undefined : 'is no name that Quay can have'
})

/** Whether it stands for one namespace only. */
export function isLiteral(glob: string) {
  return !patternSigns.test(glob)
}
