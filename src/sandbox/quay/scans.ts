import type { World } from './call.ts'
import { fullName } from './lookup.ts'
import type { Feature, Manifest, Repository } from './repository-state.ts'
import { isAlive } from './tag-history.ts'

/** What the scanner finds in an image whose tag contains `vulnerable`; in every other there is nothing. */
export const vulnerableFeatures: Feature[] = [
  feature(
    'openssl-libs',
    '1:3.0.7-24.el9',
    flaw('CVE-2026-1042', 'Critical', '1:3.0.7-28.el9', 'A certificate can crash the verification.'),
  ),
  feature('curl', '7.76.1-26.el9', flaw('CVE-2026-0877', 'High', '7.76.1-29.el9', 'A cookie may be sent to a foreign host.')),
  feature('zlib', '1.2.11-40.el9', flaw('CVE-2025-9931', 'Medium', '', 'Memory is read behind a buffer.')),
  feature('bash', '5.1.8-6.el9'),
]

function feature(name: string, version: string, ...vulnerabilities: Feature['vulnerabilities']): Feature {
  return { name, version, vulnerabilities }
}

function flaw(name: string, severity: string, fixedBy: string, description: string) {
  return { name, severity, description, link: `https://access.redhat.com/security/cve/${name}`, fixedBy }
}

/** Finishes the scans that are due and announces what they found. */
export function finishScans(world: World) {
  for (const repository of world.registry.repositories) {
    for (const manifest of repository.manifests)
      if (manifest.scanDue !== undefined && manifest.scanDue <= world.now()) finish(world, repository, manifest)
  }
}

function finish(world: World, repository: Repository, manifest: Manifest) {
  delete manifest.scanDue
  const tags = repository.tags.filter((tag) => tag.digest === manifest.digest && isAlive(tag, world.now())).map((tag) => tag.name)
  const isVulnerable = tags.some((tag) => tag.includes('vulnerable'))
  manifest.scan = { status: 'scanned', features: isVulnerable ? vulnerableFeatures : [feature('bash', '5.1.8-6.el9')] }
  if (!isVulnerable || !world.registry.features.SECURITY_NOTIFICATIONS) return
  for (const { name, severity, description, link, fixedBy } of vulnerableFeatures.flatMap((one) => one.vulnerabilities)) {
    const vulnerability = { id: name, description, link, priority: severity, has_fix: fixedBy !== '' }
    world.notify(fullName(repository), 'vulnerability_found', { tags, vulnerable_index_report_created: 'true', vulnerability })
  }
}
