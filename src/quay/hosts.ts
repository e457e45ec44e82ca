import type { Quay } from './registry.ts'

/** The registry's host as images and links name it: with its port, or without one that the scheme implies. */
export function hostsOf({ url }: Pick<Quay, 'url'>) {
  const { host, hostname, port } = new URL(url)
  return port === '' ? [host, `${host}:443`, `${host}:80`] : [host, ...(hostname.includes('.') ? [] : [hostname])]
}
