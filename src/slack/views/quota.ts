import type { Translate } from '../../core/i18n.ts'
import type { QuotaLimit } from '../../quay/quotas.ts'

/** What happens at a percentage of a quota. */
export function limitLine({ type, percent }: Omit<QuotaLimit, 'id'>, t: Translate) {
  return t('{type, select, reject {• Reject pushes at {percent} %} warning {• Warn at {percent} %} other {• {type} at {percent} %}}', {
    type,
    percent,
  })
}
