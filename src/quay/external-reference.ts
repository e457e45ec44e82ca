import { z } from 'zod'

// Docker's grammar of references (distribution/reference): Quay takes more at once, and its worker fails on it later with "invalid
// reference format".
const host = /^(?:[a-z0-9](?:[a-z0-9-]{0,62})?(?:\.[a-z0-9](?:[a-z0-9-]{0,62})?)*|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i
const component = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/

const external = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(255)
    .refine((value) => !value.includes('://'), 'Leave out https://')
    .refine((value) => !/@/.test(value), 'Leave out the digest and the username: only the registry and the name')
    .refine((value) => !/\/[^/]*:/.test(value.replace(/^[a-z]+:\/\//i, '')), 'Leave out the tag: it has a field of its own')
    .refine((value) => value === value.toLowerCase(), 'Use lower case')

/** A registry by its host: with a dot or a port, or `localhost`, as everything else is a path of Docker's own registry. */
function isRegistry(name = '') {
  return host.test(name) && /[.:]|^localhost$/.test(name)
}

function isReference(value: string) {
  const [registry, ...path] = value.split('/')
  return isRegistry(registry) && path.every((part) => component.test(part))
}

/** A repository of another registry: `quay.io/minio/mc`. */
export const externalRepository = external().refine(
  (value) => isReference(value) && value.includes('/'),
  'Use a name like quay.io/minio/mc: the host of the registry, then the path',
)

/** Another registry, or a namespace of it: `docker.io`, `quay.io/projectquay`. */
export const externalRegistry = external().refine(isReference, 'Use a name like docker.io or quay.io/projectquay: the host, then the path')
