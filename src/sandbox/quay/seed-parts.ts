import { createHash } from 'node:crypto'
import type { Namespace, Organization, Team, TeamRole, User } from './registry.ts'
import type { Role } from './repository-parts.ts'
import type { Manifest, Repository } from './repository-state.ts'

// Empty things, for the seed and for what the API creates.

const twoWeeks = 14 * 24 * 3600

function emptyNamespace(id: number, name: string, email: string | null, created: number): Namespace {
  return {
    id,
    name,
    email,
    enabled: true,
    created,
    tagExpiration: twoWeeks,
    invoiceEmail: false,
    invoiceEmailAddress: null,
    quotas: [],
    prunePolicies: [],
    immutabilityPolicies: [],
    notifications: [],
  }
}

export function emptyUser(id: number, name: string, email: string | null, created: number): User {
  return {
    ...emptyNamespace(id, name, email, created),
    verified: true,
    superuser: false,
    globalReader: false,
    password: null,
    givenName: null,
    familyName: null,
    company: null,
    location: null,
    starred: [],
    inbox: [],
    appTokens: [],
  }
}

export function emptyOrganization(id: number, name: string, email: string | null, created: number): Organization {
  return { ...emptyNamespace(id, name, email, created), teams: [], prototypes: [], applications: [] }
}

export function team(id: number, name: string, role: TeamRole, members: string[], description = ''): Team {
  return { id, name, role, description, members }
}

interface NewRepository {
  id: number
  namespace: string
  name: string
  created: number
  visibility?: 'public' | 'private'
  description?: string
  users?: Record<string, Role>
}

export function emptyRepository({
  id,
  namespace,
  name,
  created,
  visibility = 'private',
  description = '',
  users = {},
}: NewRepository): Repository {
  return {
    id,
    namespace,
    name,
    description,
    visibility,
    state: 'NORMAL',
    created,
    statusToken: uuidOf(`status of ${id} ${namespace}/${name}`),
    userPermissions: users,
    teamPermissions: {},
    tags: [],
    manifests: [],
    builds: [],
    triggers: [],
    notifications: [],
    prunePolicies: [],
    immutabilityPolicies: [],
    authorizedEmails: [],
    activity: {},
    pulls: 0,
    lastPull: null,
  }
}

export const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** The same uuid for the same text, so that the seed is the same every time. */
export function uuidOf(text: string) {
  const hash = createHash('sha256').update(text).digest('hex')
  return [hash.slice(0, 8), hash.slice(8, 12), `4${hash.slice(13, 16)}`, `a${hash.slice(17, 20)}`, hash.slice(20, 32)].join('-')
}

export function manifest(text: string, size: number, created: number): Manifest {
  const layer = (name: string, part: number, command: string) => ({
    digest: digestOf(`${text} ${name}`),
    size: Math.round(size * part),
    command,
    created,
  })
  return {
    digest: digestOf(text),
    size,
    labels: [],
    children: [],
    configMediaType: 'application/vnd.oci.image.config.v1+json',
    layers: [layer('base', 0.7, '/bin/sh -c #(nop) ADD file:base in /'), layer('app', 0.3, '/bin/sh -c make install')],
    scan: { status: 'queued' },
    pulls: 0,
    lastPull: null,
  }
}
