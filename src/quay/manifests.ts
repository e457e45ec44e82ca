import { z } from 'zod'
import { find } from './http.ts'
import { jsonOf } from './refusal.ts'
import type { Quay } from './registry.ts'

/** An image, or a list of images for several platforms. */
export interface Manifest {
  digest: string
  /** Bytes of its layers, packed; undefined for a list. */
  size: number | undefined
  layers: number | undefined
  /** Empty for a single image. */
  platforms: { digest: string; os: string; architecture: string }[]
}

const manifest = z.object({
  digest: z.string(),
  is_manifest_list: z.boolean(),
  manifest_data: z.string(),
  layers_compressed_size: z.number().nullish(),
  layers: z.array(z.unknown()).nullish(),
})

const list = z.object({
  manifests: z.array(z.object({ digest: z.string(), platform: z.object({ os: z.string(), architecture: z.string() }).optional() })),
})

/** `digest`: a digest, not a tag. Undefined when the repository has none such. */
export async function findManifest(quay: Quay, repository: string, digest: string): Promise<Manifest | undefined> {
  const found = await find(quay, {
    path: '/repository/{repository}/manifest/{manifestref}',
    params: { repository, manifestref: digest },
    response: manifest,
  })
  return found && manifestOf(found)
}

function manifestOf(found: z.output<typeof manifest>): Manifest {
  if (found.is_manifest_list)
    return { digest: found.digest, size: undefined, layers: undefined, platforms: platformsOf(found.manifest_data) }
  return { digest: found.digest, size: found.layers_compressed_size ?? undefined, layers: found.layers?.length, platforms: [] }
}

function platformsOf(data: string) {
  const { manifests = [] } = list.safeParse(jsonOf(data)).data ?? {}
  return manifests.map(({ digest, platform }) => ({
    digest,
    os: platform?.os ?? 'unknown',
    architecture: platform?.architecture ?? 'unknown',
  }))
}
