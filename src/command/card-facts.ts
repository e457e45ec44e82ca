import { Failure } from '../core/failure.ts'
import type { Quay } from '../quay/registry.ts'
import { findImageScan } from '../quay/tag-scan.ts'
import type { Tag } from '../quay/tags.ts'
import { type Counts, countsOf } from '../slack/views/scan.ts'

/** A part of a card that the card can do without: `unknown` where Quay does not say it now. A bug is still one. */
export async function orUnknown<Found>(asked: Promise<Found>): Promise<Found | 'unknown'> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Failure) return 'unknown'
    throw error
  }
}

/** The vulnerabilities of an image, counted; undefined without a scan that has ended. */
export type Vulnerable = { counts: Counts; all: number; fixable: number } | undefined

/** Counts by severity. Undefined: there is no scanner, or no finished scan. `unknown`: Quay did not answer. */
export async function vulnerabilitiesOf(
  quay: Quay,
  repository: string,
  image: Pick<Tag, 'digest' | 'platforms'>,
): Promise<Vulnerable | 'unknown'> {
  const path = '/repository/{repository}/manifest/{manifestref}/security'
  if (!quay.capabilities.offers(path, 'GET')) return undefined
  const scan = await orUnknown(findImageScan(quay, repository, image))
  if (scan === 'unknown') return 'unknown'
  if (scan?.status !== 'scanned') return undefined
  const { vulnerabilities } = scan
  return {
    counts: countsOf(vulnerabilities),
    all: vulnerabilities.length,
    fixable: vulnerabilities.filter(({ fixedIn }) => fixedIn).length,
  }
}
