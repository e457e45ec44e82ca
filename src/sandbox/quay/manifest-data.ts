import type { Manifest } from './repository-state.ts'

/** The manifest itself, as text: an index of children or an image. */
export function manifestData({ children, layers }: Manifest) {
  if (children.length > 0) {
    const manifests = children.map((digest) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: 700,
      platform: { architecture: 'amd64', os: 'linux' },
    }))
    return JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests }, null, 3)
  }
  const blobs = layers.map(({ digest, size }) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', size, digest }))
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', size: 421, digest: layers[0]?.digest ?? '' }
  return JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config, layers: blobs }, null, 3)
}
