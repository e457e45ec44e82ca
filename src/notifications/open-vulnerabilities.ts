import type { Subscription } from '../db/event-tables.ts'
import type { Quay } from '../quay/registry.ts'
import { findScan } from '../quay/security.ts'
import { listTags } from '../quay/tags.ts'
import { isAtLeast, severityOf } from './event-kind.ts'
import { matchesTags } from './subscriptions.ts'

// Each scan is a call, so only the newest images of each repository are read.
const imagesAtMost = 20

/** The vulnerabilities of the images that tags point to: `CVE-2026-1 acme/web openssl`. */
export async function openVulnerabilities(
  quay: Quay,
  repositories: string[],
  { tags, severity }: Pick<Subscription, 'tags' | 'severity'>,
): Promise<string[]> {
  const open = new Set<string>()
  for (const repository of repositories) {
    const active = await listTags(quay, repository, { limit: 100 })
    const digests = new Set(active.tags.filter(({ name }) => matchesTags({ tags }, [name])).map(({ digest }) => digest))
    for (const digest of [...digests].slice(0, imagesAtMost)) {
      const scan = await findScan(quay, repository, digest)
      for (const one of scan?.vulnerabilities ?? []) {
        if (isAtLeast(severityOf(one.severity), severity)) open.add(`${one.name} ${repository} ${one.package}`)
      }
    }
  }
  return [...open]
}
