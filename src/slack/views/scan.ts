import type { Translate } from '../../core/i18n.ts'
import type { Vulnerability } from '../../quay/security.ts'
import { rawMarkup } from '../blocks.ts'
import type { Column } from '../lists/list.ts'
import { asCode, asText } from '../lists/values.ts'

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

/** The severities in words. */
export const severityWords: Record<string, string> = {
  Critical: 'Critical',
  High: 'High',
  Medium: 'Medium',
  Low: 'Low',
  Negligible: 'Negligible',
  Unknown: 'Unknown',
}

export type Counts = Record<string, number>

/** How many of each severity. */
export function countsOf(found: Vulnerability[]): Counts {
  return Object.fromEntries(severities.map((severity) => [severity, found.filter((one) => one.severity === severity).length]))
}

/** `2 critical, 1 high`: only the severities that occur. */
export function countsText(counts: Counts, t: Translate) {
  const present = severities.filter((severity) => counts[severity])
  return rawMarkup(present.map((severity) => t(counted[severity] ?? '', { count: counts[severity] ?? 0 })).join('   '))
}

/** The columns of a list of vulnerabilities; severities sort by how severe they are. */
export function vulnerabilityColumns(t: Translate): Column<Vulnerability>[] {
  return [
    { name: 'vulnerability', title: t.plain('Vulnerability'), value: ({ name, link: url }) => (url ? asText(name, url) : asCode(name)) },
    {
      name: 'severity',
      title: t.plain('Severity'),
      value: ({ severity }) => ({
        is: 'rank',
        number: severities.length - rankOf(severity),
        text: t.plain(severityWords[severity] ?? severity),
      }),
    },
    { name: 'package', title: t.plain('Package'), value: ({ package: holder, version }) => asCode(`${holder} ${version}`.trim()) },
    {
      name: 'fixed_in',
      title: t.plain('Fixed in'),
      value: ({ fixedIn }) => asCode(fixedIn ?? t.plain('no fix yet')),
      said: (fix, { fixedIn }) => (fixedIn ? t('fixed in {fix}', { fix }) : t('no fix yet')),
    },
  ]
}

function rankOf(severity: string) {
  const place = severities.indexOf(severity)
  return place < 0 ? severities.length - 1 : place
}
