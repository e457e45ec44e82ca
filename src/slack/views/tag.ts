import type { Translate } from '../../core/i18n.ts'
import type { Tag } from '../../quay/tags.ts'
import { code } from '../blocks.ts'
import type { Column } from '../lists/list.ts'
import { asCode, asMark, asMoment, asSize } from '../lists/values.ts'
import type { Value } from '../message-blocks.ts'
import { sizeText } from './size.ts'

/** `sha256:0123456789ab…`, long enough to compare. */
export function shortDigest(digest: string) {
  return code(digest.slice(0, 19))
}

/** The size in bytes, or that the image is a list of several. */
export function tagSize({ size, platforms }: Pick<Tag, 'size' | 'platforms'>, t: Translate) {
  return platforms === 'several' || size === undefined ? t.plain('several platforms') : sizeText(size, t)
}

/** A digest as a table has room for it: as long as in a sentence, without its algorithm. A file has all of it. */
export function asDigest(digest: string): Value {
  return { is: 'text', text: digest.slice('sha256:'.length, 19), look: 'code', whole: digest }
}

/** The columns of a list of tags. */
export function tagColumns(t: Translate): Column<Tag>[] {
  return [
    { name: 'tag', title: t.plain('Tag'), value: ({ name }) => asCode(name) },
    {
      name: 'size',
      title: t.plain('Size'),
      none: t.plain('several platforms'),
      saysNone: true,
      value: ({ size, platforms }) => asSize(platforms === 'several' ? undefined : size, t),
    },
    {
      name: 'digest',
      title: t.plain('Image'),
      value: ({ digest }) => asDigest(digest),
      said: (_, { digest }) => shortDigest(digest).markup,
    },
    {
      name: 'pushed',
      title: t.plain('Pushed (UTC)'),
      none: t.plain('unknown'),
      value: ({ since }) => asMoment(since),
      said: (since) => t('pushed {since}', { since }),
    },
    { name: 'immutable', title: t.plain('Immutable'), value: ({ immutable }) => asMark(immutable, t.plain('immutable')) },
    {
      name: 'expires',
      title: t.plain('Expires (UTC)'),
      none: t.plain('never'),
      value: ({ until }) => asMoment(until),
      said: (until) => t('expires {until}', { until }),
    },
  ]
}
