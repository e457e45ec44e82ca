import { z } from 'zod'

// Both grammars are Quay's own (its util/names.py and endpoints), lower case and whole: Quay also takes a trailing newline.
const short = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/
const full = /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9][a-z0-9._-]*)+$/

// The words that follow {repository} in a path of Quay's API document. `DELETE /repository/acme/web/permissions/user/bea`
// takes bea's permission on acme/web, whoever may own a repository called `acme/web/permissions/user/bea`.
const routes = new Set([
  'aggregatelogs',
  'autoprunepolicy',
  'build',
  'changestate',
  'changetrust',
  'changevisibility',
  'exportlogs',
  'immutabilitypolicy',
  'logs',
  'manifest',
  'mirror',
  'notification',
  'permissions',
  'tag',
  'tokens',
  'trigger',
])

/** Whether the name is a part of Quay's own addresses too, so that a call about it could reach something else. */
export function isUnaddressable(repository: string) {
  // `/repository/mirror/health` is the one address of Quay's where a repository's name stands.
  if (repository === 'mirror/health') return true
  return repository
    .split('/')
    .slice(2)
    .some((word) => routes.has(word))
}

/** An organisation, a team, a user, or a robot without its organisation. */
export const shortName = z.string().min(2).max(255).regex(short, 'Use lower-case letters and digits, joined by . _ or -')

/** A repository that exists or may exist. */
export const repositoryName = z
  .string()
  .max(255)
  .regex(full, 'Use the form namespace/name, in lower case')
  .refine((name) => !isUnaddressable(name), 'Quay can’t address this repository safely. Rename it in the Quay web console.')
  .describe('Repository, as namespace/name')

/** What policies hang on: an organisation (`acme`) or one repository (`acme/web`). */
export const policyTarget = z
  .string()
  .max(255)
  .regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9][a-z0-9._-]*)*$/, 'Use the form namespace or namespace/name, in lower case')
  .refine((name) => !isUnaddressable(name), 'Quay can’t address this repository safely. Rename it in the Quay web console.')

// Docker's grammar of image names (distribution/reference), narrower than Quay's: what it refuses cannot be pulled.
const docker = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)+$/

/** A repository that is to be created. */
export const newRepositoryName = repositoryName
  .refine((name) => docker.test(name), 'Do not use two of . _ - together, or one at the end: no client could pull it')
  .describe('Repository to create, as namespace/name')

/** A tag, in Docker’s own grammar, which Quay takes too (recorded: tag-put-bad-name). */
export const tagName = z
  .string()
  .trim()
  .max(128)
  .regex(/^\w[\w.-]*$/, 'Use letters, digits and . _ -, as in v1.2')

/** The namespace of a repository or a robot; a namespace is its own. */
export function namespaceOf(name: string) {
  return name.replace(/[/+].*$/s, '')
}

/** What stands behind the namespace: `web` of `acme/web`, `ci` of `acme+ci`. */
export function withoutNamespace(name: string) {
  return name.slice(namespaceOf(name).length + 1)
}
