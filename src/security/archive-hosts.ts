import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { Failure } from '../core/failure.ts'
import { fieldProblem } from '../core/field-problem.ts'
import { matchesGlob } from '../core/pattern.ts'
import type { Policy } from '../core/policy.ts'

/** Resolves a name to all its present addresses. */
export type Resolve = (host: string) => Promise<string[]>

/**
 * Refuses an archive that Quay would fetch from inside a network: IP addresses instead of names, and names with an address that
 * is not public, except for hosts that the policy allows. This is an early check only: Quay resolves the name again when it
 * fetches (docs/SECURITY.md rule 23), so the network around the registry's builders is what protects. Throws `invalid`.
 */
export async function checkArchive(
  { archives }: Pick<Policy, 'archives'>,
  address: string,
  resolve: Resolve = addressesOf,
  isProxied = false,
): Promise<void> {
  const host = hostOf(address)
  if (archives.hosts.some((glob) => matches(glob, host))) return
  if (isIP(host.replaceAll(/[[\]]/g, ''))) throw refused('Use a host name instead of the IP address {host}.', host)
  const addresses = await resolve(host).catch((error: unknown) => {
    if (!isProxied) throw error
    return []
  })
  if (addresses.length === 0) throw refused(isProxied ? onlyProxyKnows : 'Host {host} not found.', host)
  if (!addresses.every(isPublic)) {
    throw refused(
      '{host} is in a private network. Quay fetches the archive later, from its own network: an operator can allow the host in the policy, under archives.hosts.',
      host,
    )
  }
}

// Names may be resolved by the proxy alone, which says nothing of where they lead.
const onlyProxyKnows =
  'Quaymaster can’t look up {host} from behind its proxy, so it can’t tell whether it is public. An operator can allow the host in the policy, under archives.hosts.'

function hostOf(address: string) {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw refused('The archive URL must begin with http or https and must not contain a password.', '')
  return url.hostname.toLowerCase().replace(/\.$/, '')
}

function refused(message: string, host: string) {
  return fieldProblem('archive_url', message, { host })
}

/** In `*.corp.example` the star matches anything. */
function matches(glob: string, host: string) {
  return matchesGlob([glob.toLowerCase()], host)
}

async function addressesOf(host: string) {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // node:dns throws nothing else
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw new Failure('unavailable', 'The host {host} can’t be looked up right now.', { host }, { cause: error })
  }
}

// IANA's special-purpose registries. BlockList itself also checks IPv6 addresses that contain an IPv4 one.
const special = new BlockList()
for (const range of `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3`.split(/\s+/))
  addTo(special, range, 'ipv4')
// Documentation, Teredo and 6to4; the last two contain an IPv4 address.
for (const range of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) addTo(special, range, 'ipv6')
const mapped = new BlockList()
addTo(mapped, '::ffff:0:0/96', 'ipv6')
const unicast = new BlockList()
addTo(unicast, '2000::/3', 'ipv6')

function addTo(list: BlockList, range: string, family: 'ipv4' | 'ipv6') {
  const [network = '', bits] = range.split('/')
  list.addSubnet(network, Number(bits), family)
}

/** Whether the address is public on the internet. */
export function isPublic(address: string) {
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  if (special.check(address, family)) return false
  return family === 'ipv4' || mapped.check(address, 'ipv6') || unicast.check(address, 'ipv6')
}
