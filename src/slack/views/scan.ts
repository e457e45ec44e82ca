import type { Translate } from '../../core/i18n.ts'
import type { Vulnerability } from '../../quay/security.ts'
import { code, link, rawMarkup } from '../blocks.ts'

const severities = ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown']

/** Most severe first, then by name. */
export function bySeverity(found: Vulnerability[]) {
  const rank = ({ severity }: Vulnerability) => (severities.indexOf(severity) + severities.length) % severities.length
  return found.toSorted((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name))
}

const counted: Record<string, string> = {
  Critical: ':red_circle: {count} critical',
  High: ':large_orange_circle: {count} high',
  Medium: ':large_yellow_circle: {count} medium',
  Low: ':white_circle: {count} low',
  Negligible: ':white_circle: {count} negligible',
  Unknown: ':grey_question: {count} of unknown severity',
}

export type Counts = Record<string, number>

export function countsOf(found: Vulnerability[]): Counts {
  return Object.fromEntries(severities.map((severity) => [severity, found.filter((one) => one.severity === severity).length]))
}

/** `2 critical, 1 high`: only the severities that occur. */
export function countsText(counts: Counts, t: Translate) {
  const present = severities.filter((severity) => counts[severity])
  return rawMarkup(present.map((severity) => t(counted[severity] ?? '', { count: counts[severity] ?? 0 })).join('   '))
}

export function vulnerabilityLine({ name, severity, package: holder, version, fixedIn, link: url }: Vulnerability, t: Translate) {
  return t('• {name} – {severity} – {package}{fixed, select, none {, no fix yet} other {, fixed in {fix}}}', {
    name: url ? link(url, name) : code(name),
    severity,
    package: code(`${holder} ${version}`.trim()),
    fixed: fixedIn ?? 'none',
    fix: code(fixedIn ?? ''),
  })
}
