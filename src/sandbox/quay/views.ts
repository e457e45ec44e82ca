import { createHash } from 'node:crypto'

// Shapes that many answers share.

const colors =
  '969696 aec7e8 ff7f0e ffbb78 2ca02c 98df8a d62728 ff9896 9467bd c5b0d5 8c564b e377c2 f7b6d2 7f7f7f c7c7c7 bcbd22 1f77b4 17becf 9edae5 393b79'.split(
    ' ',
  )

export function avatar(name: string, kind: 'user' | 'org' | 'team' | 'robot' | 'app', source = name) {
  const hash = createHash('sha256').update(`${kind}:${source}`).digest('hex')
  return { name, hash, color: `#${colors[Number.parseInt(hash.slice(0, 4), 16) % colors.length]}`, kind }
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number) => String(value).padStart(2, '0')

/** `Mon, 23 Nov 2026 07:06:13 -0000` (docs/quay.md, Dates). */
export function rfc2822(at: number) {
  const date = new Date(at)
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  return `${days[date.getUTCDay()]}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} -0000`
}

export const rfc2822OrNull = (at: number | null) => (at === null ? null : rfc2822(at))
export const seconds = (at: number) => Math.floor(at / 1000)
/** `2026-11-23T07:06:13.000000Z` */
export const isoMicroseconds = (at: number) => new Date(at).toISOString().replace('Z', '000Z')

/** How Quay names a person or robot in an answer. */
export function entity(name: string) {
  const isRobot = name.includes('+')
  return { kind: 'user', name, is_robot: isRobot, avatar: avatar(name, isRobot ? 'robot' : 'user') }
}

export const truthy = (text: string | null) => text !== null && ['true', 't', '1', 'yes'].includes(text.toLowerCase())
