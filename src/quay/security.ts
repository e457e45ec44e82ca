import { z } from 'zod'
import { find } from './http.ts'
import type { Quay } from './registry.ts'

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
