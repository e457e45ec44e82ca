import type { Translate } from '../../core/i18n.ts'
import type { Tag } from '../../quay/tags.ts'
import { code, moment } from '../blocks.ts'
import { sizeText } from './size.ts'

/** `sha256:0123456789ab…`, long enough to compare. */
export function shortDigest(digest: string) {
  return code(digest.slice(0, 19))
}

/** The size in bytes, or that the image is a list of several. */
export function tagSize({ size, platforms }: Pick<Tag, 'size' | 'platforms'>, t: Translate) {
  return platforms === 'several' || size === undefined ? t.plain('several platforms') : sizeText(size, t)
}

/** A line of a list: the image of the tag, its size, and its expiration if it has one. */
export function tagLine(tag: Tag, t: Translate) {
  return t(
    '• {tag} – {size}, {digest}, pushed {since}{immutable, select, true {, immutable} other {}}{ends, select, true {, expires {until}} other {}}',
    {
      tag: code(tag.name),
      size: tagSize(tag, t),
      digest: shortDigest(tag.digest),
      since: moment(Date.parse(tag.since ?? '')),
      immutable: String(tag.immutable),
      ends: String(tag.until !== undefined),
      until: moment(Date.parse(tag.until ?? '')),
    },
  )
}
