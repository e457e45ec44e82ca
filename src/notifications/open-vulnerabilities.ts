import type { Subscription } from '../db/event-tables.ts'
import type { Quay } from '../quay/registry.ts'
import { listAllRepositories } from '../quay/repositories.ts'
import { findScan } from '../quay/security.ts'
import { listTags } from '../quay/tags.ts'
import { isAtLeast, severityOf } from './event-kind.ts'
import { matchesTags } from './subscriptions.ts'
import { addressable } from './webhook-needs.ts'

// Each scan is a call, so only the newest images of each repository are read.
const imagesAtMost = 20

interface Found {
  /** `CVE-2026-1 acme/web openssl` */
  key: string
  severity: ReturnType<typeof severityOf>
}

/** What the digests of one namespace in one run have in common: each list and each scan is read once, however many channels get a digest. */
export interface NamespaceLists {
  repositories(): Promise<string[]>
  /** The digest of each tag, newest first. */
  tags(repository: string): Promise<{ name: string; digest: string }[]>
  vulnerabilities(repository: string, digest: string): Promise<Found[]>
}

/** Repositories and tags of a namespace, each asked of Quay at most once. */
export function openLists(quay: Quay, namespace: string): NamespaceLists {
  const asked = new Map<string, Promise<unknown>>()
  const once = <Answer>(key: string, ask: () => Promise<Answer>) => {
    const answer = asked.get(key) ?? ask()
    asked.set(key, answer)
    // a key always holds the type of its own question
    return answer as Promise<Answer>
  }
  return {
    repositories: () => once('', async () => addressable((await listAllRepositories(quay, namespace)).map(({ name }) => name))),
    tags: (repository) =>
      once(repository, async () => {
        const { tags } = await listTags(quay, repository, { limit: 100 })
        return tags.map(({ name, digest }) => ({ name, digest }))
      }),
    vulnerabilities: (repository, digest) =>
      once(`${repository} ${digest}`, async () => {
        const scan = await findScan(quay, repository, digest)
        // A scan has descriptions of many kilobytes, which no digest shows.
        return (scan?.vulnerabilities ?? []).map((one) => ({
          key: `${one.name} ${repository} ${one.package}`,
          severity: severityOf(one.severity),
        }))
      }),
  }
}

/** The vulnerabilities of the images that tags point to: `CVE-2026-1 acme/web openssl`. */
export async function openVulnerabilities(
  lists: NamespaceLists,
  repositories: string[],
  { tags, severity }: Pick<Subscription, 'tags' | 'severity'>,
): Promise<string[]> {
  const open = new Set<string>()
  for (const repository of repositories) {
    const active = await lists.tags(repository)
    const digests = new Set(active.filter(({ name }) => matchesTags({ tags }, [name])).map(({ digest }) => digest))
    for (const digest of [...digests].slice(0, imagesAtMost)) {
      for (const one of await lists.vulnerabilities(repository, digest)) if (isAtLeast(one.severity, severity)) open.add(one.key)
    }
  }
  return [...open]
}
