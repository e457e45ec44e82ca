import type { Translate } from '../../core/i18n.ts'
import type { ButtonText } from '../../slack/blocks.ts'
import type { PageShown } from '../outcome.ts'

/** Each button names the list and the page it leads to, so that a double click turns once. */
export function pageButtons({ id, index, newer, older }: PageShown, t: Translate): ButtonText[] {
  return [
    ...(newer ? [{ action: 'page:turn', label: t.plain('Newer'), value: `${id} ${index - 1}` }] : []),
    ...(older ? [{ action: 'page:turn', label: t.plain('Older'), value: `${id} ${index + 1}` }] : []),
  ]
}
