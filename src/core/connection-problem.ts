import { z } from 'zod'
import type { Sentence } from './i18n.ts'

/** What a library keeps of why a connection failed, at most so deep: an error, its `original` or its cause, or one of several. */
const links = ['cause', 'original', 'error'] as const
const deepest = 6

const untrusted = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

const link = z.object({ code: z.string().catch(''), message: z.string().catch('') })

/**
 * The sentence for a connection to `host` that will not work until somebody changes a setting, the proxy or a certificate.
 * Undefined: it may work by itself later.
 */
export function connectionProblem(error: unknown, host: string): Sentence | undefined {
  for (const { code, message } of chainOf(error)) {
    const problem = certificateProblem(code) ?? proxyProblem(message)
    if (problem !== undefined) return { ...problem, values: { host, status: statusIn(message) } }
  }
  return undefined
}

/** Whether the proxy gave no connection, so that nothing was sent. */
export function isRefusedByProxy(error: unknown) {
  return chainOf(error).some(({ message }) => proxyProblem(message) !== undefined)
}

const untrustedCertificate = {
  message:
    'The certificate of {host} is not trusted. If your company signed it, an operator must set CA_FILE to a PEM file with the certificate of its authority, such as ./ca.pem.',
}
const expiredCertificate = { message: 'The certificate of {host} has expired. Its operators must renew it.' }
const foreignCertificate = {
  message: 'The certificate of {host} is for another host. An operator must check the URL and the proxies in front of it.',
}

function certificateProblem(code: string) {
  if (untrusted.has(code)) return untrustedCertificate
  if (code === 'CERT_HAS_EXPIRED') return expiredCertificate
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? foreignCertificate : undefined
}

// The words of undici (8.12).
const refusedTunnel = /^Proxy response \((\d{3})\)/

const needsLogin = {
  message:
    'The proxy requires a username and password for {host}. An operator must add them to HTTPS_PROXY or HTTP_PROXY, between http:// and the host.',
}
const refusesHost = {
  message: 'The proxy does not connect to {host} ({status}). An operator must allow it there, or add the host to NO_PROXY.',
}

function proxyProblem(message: string) {
  const status = statusIn(message)
  if (status === '407') return needsLogin
  return status === '' ? undefined : refusesHost
}

function statusIn(message: string) {
  return refusedTunnel.exec(message)?.[1] ?? (message === 'Proxy Authentication Required (407)' ? '407' : '')
}

function chainOf(error: unknown, depth = 0): z.output<typeof link>[] {
  const read = link.safeParse(error).data
  if (!read || depth === deepest) return []
  const fields = error as Partial<Record<(typeof links)[number], unknown>> // an object, of which any field may be missing
  return [read, ...links.flatMap((name) => chainOf(fields[name], depth + 1))]
}
