import { z } from 'zod'
import { Failure } from '../failure.ts'
import { find, type Quay } from './http.ts'
import { findManifest } from './manifests.ts'
import { findTag } from './tags.ts'

export interface Scan {
  /** `manifest_layer_too_large`, `unsupported` and `failed` stay so; `queued` passes. */
  status: 'queued' | 'scanned' | 'failed' | 'unsupported' | 'manifest_layer_too_large' | (string & {})
  /** Empty unless scanned. */
  vulnerabilities: Vulnerability[]
}

export interface Vulnerability {
  /** `CVE-2021-3450` */
  name: string
  /** Critical, High, Medium, Low, Negligible, Unknown. */
  severity: string
  package: string
  version: string
  /** The version that has it no more; undefined: none yet. */
  fixedIn: string | undefined
  description: string
  link: string | undefined
}

const vulnerability = z.object({
  Name: z.string(),
  Severity: z.string().nullish(),
  FixedBy: z.string().nullish(),
  Description: z.string().nullish(),
  Link: z.string().nullish(),
})

const feature = z.object({ Name: z.string(), Version: z.string().nullish(), Vulnerabilities: z.array(vulnerability).nullish() })

const scan = z
  .object({ status: z.string(), data: z.object({ Layer: z.object({ Features: z.array(feature).nullish() }) }).nullish() })
  .transform(({ status, data }): Scan => ({ status, vulnerabilities: (data?.Layer.Features ?? []).flatMap(vulnerabilitiesOf) }))

function vulnerabilitiesOf({ Name, Version, Vulnerabilities }: z.output<typeof feature>) {
  return (Vulnerabilities ?? []).map(
    (found): Vulnerability => ({
      name: found.Name,
      severity: found.Severity ?? 'Unknown',
      package: Name,
      version: Version ?? '',
      fixedIn: found.FixedBy || undefined,
      description: found.Description ?? '',
      // Several addresses, separated by spaces.
      link: found.Link?.split(' ')[0] || undefined,
    }),
  )
}

/** The scan of a digest. Undefined without such an image, or without a scanner. Unavailable: the scanner does not answer. */
export function findScan(quay: Quay, repository: string, digest: string): Promise<Scan | undefined> {
  const params = { repository, manifestref: digest }
  return find(quay, {
    path: '/repository/{repository}/manifest/{manifestref}/security',
    params,
    query: { vulnerabilities: true },
    response: scan,
  })
}

export interface TagScan extends Scan {
  digest: string
  /** Of an image of several platforms, the one that was looked at: Quay scans each by itself. */
  platform: string | undefined
}

/** The scan of what a tag stands for: of linux/amd64, where there are several platforms. Not found: no such tag, or no scan. */
export async function scanTag(quay: Quay, repository: string, name: string): Promise<TagScan> {
  const tag = await findTag(quay, repository, name)
  if (!tag) throw new Failure('not_found', '{repository} has no tag {tag}.', { repository, tag: name })
  const platforms = tag.platforms === 'several' ? ((await findManifest(quay, repository, tag.digest))?.platforms ?? []) : []
  const one = platforms.find(({ os, architecture }) => os === 'linux' && architecture === 'amd64') ?? platforms[0]
  const digest = one?.digest ?? tag.digest
  const found = await findScan(quay, repository, digest)
  if (!found) throw new Failure('not_found', 'Quay has no security scan of {repository}:{tag}.', { repository, tag: name })
  return { ...found, digest, platform: one && `${one.os}/${one.architecture}` }
}
