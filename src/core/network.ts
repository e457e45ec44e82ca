import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { Agent, type Dispatcher, fetch, ProxyAgent } from 'undici'

/** The proxies of the environment. */
export interface Proxies {
  HTTP_PROXY?: string | undefined
  HTTPS_PROXY?: string | undefined
  NO_PROXY?: string | undefined
}

/** The way out of this process. All HTTP and all WebSockets take it, so that a company's proxy sees all of them. */
export interface Network {
  /** For undici and for the sockets of Socket Mode. */
  dispatcher: Dispatcher
  /** For Slack's libraries, which take nothing but a fetch. */
  fetch: typeof globalThis.fetch
  /** Whether a proxy may be in between. */
  isProxied: boolean
  /** Waits for the answers under way. */
  close(): Promise<void>
}

/** Opens nothing yet. `connections`: at most so many to one origin. */
export function openNetwork(proxies: Proxies = {}, { connections = null }: { connections?: number | null } = {}): Network {
  // HTTP/1.1 only: a WebSocket needs a connection of its own.
  const options = { connections, allowH2: false }
  const direct = new Agent(options)
  const tunnels = new Map<string, ProxyAgent>()
  const through = (uri: string, proxyTunnel: boolean) => {
    const key = `${proxyTunnel} ${uri}`
    const tunnel = tunnels.get(key) ?? new ProxyAgent({ ...options, uri, proxyTunnel, requestTls: { allowH2: false } })
    tunnels.set(key, tunnel)
    return tunnel
  }
  const proxyFor = proxyChooser(proxies)
  const dispatcher = direct.compose((dispatch) => (asked, handler) => {
    const proxy = proxyFor(new URL(String(asked.origin)))
    // A proxy forwards plain requests. It is asked for a tunnel (CONNECT) for all others, WebSockets without TLS included.
    return proxy === undefined ? dispatch(asked, handler) : through(proxy, Boolean(asked.upgrade)).dispatch(asked, handler)
  })
  // undici's fetch is Node's own, with types of its own.
  const ours = ((input: string, init: object) => fetch(input, { ...init, dispatcher })) as unknown as Network['fetch']
  const close = async () => void (await Promise.all([direct, ...tunnels.values()].map((one) => one.close())))
  return { dispatcher, fetch: ours, isProxied: Boolean(proxies.HTTP_PROXY ?? proxies.HTTPS_PROXY), close }
}

/**
 * Trusts the authorities of a PEM file in all TLS of this process: Slack, Quay, their proxies and PostgreSQL. They come on top of
 * those that Node trusts. Returns a function that takes it back.
 */
export function trustAuthorities(file: string) {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, readFileSync(file, 'utf8')])
  return () => setDefaultCACertificates(before)
}

/** Chooses the proxy of a URL as curl does, with ranges in NO_PROXY as Go has them: 10.0.0.0/8. */
export function proxyChooser({ HTTP_PROXY, HTTPS_PROXY, NO_PROXY = '' }: Proxies) {
  const exceptions = NO_PROXY.split(/[\s,]+/)
    .filter(Boolean)
    .map(exceptionOf)
  return ({ protocol, hostname, port }: URL) => {
    const proxy = protocol === 'https:' ? HTTPS_PROXY : HTTP_PROXY
    if (proxy === undefined) return undefined
    const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
    const number = port || (protocol === 'https:' ? '443' : '80')
    return exceptions.some((isException) => isException(host, number)) ? undefined : proxy
  }
}

type Exception = (host: string, port: string) => boolean

function exceptionOf(entry: string): Exception {
  const { host = '', port } = /^\[?(?<host>.*?)\]?(?::(?<port>\d+))?$/.exec(isIP(entry) ? `[${entry}]` : entry)?.groups ?? {}
  const matches = hostMatcher(host.toLowerCase())
  return (name, number) => (port === undefined || port === number) && matches(name)
}

function hostMatcher(host: string): (name: string) => boolean {
  if (host === '*') return () => true
  if (host.includes('/')) return rangeMatcher(host)
  // `*.corp.example` is only what lies below; `.corp.example` and `corp.example` are the host itself too.
  const suffix = host.replace(/^\*?\./, '')
  const isBelow = (name: string) => !isIP(name) && name.endsWith(`.${suffix}`)
  return host.startsWith('*') ? isBelow : (name) => name === suffix || isBelow(name)
}

function rangeMatcher(range: string): (name: string) => boolean {
  const [address = '', bits = ''] = range.split('/')
  const list = new BlockList()
  list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (name) => isIP(name) !== 0 && list.check(name, isIP(name) === 6 ? 'ipv6' : 'ipv4')
}

/** Whether this is a list of hosts, domains, addresses and ranges of addresses. */
export function isNoProxy(text: string) {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .every((entry) => isRange(entry) || isIP(entry) !== 0 || /^(\*|\[[\d:a-f]+\]|(\*?\.)?[\w-]+(\.[\w-]+)*\.?)(:\d{1,5})?$/i.test(entry))
}

function isRange(entry: string) {
  const [address = '', bits = '', ...more] = entry.split('/')
  return isIP(address) !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 6 ? 128 : 32)
}
