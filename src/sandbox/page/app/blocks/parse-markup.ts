import { emojiOf } from '../../../slack/emoji.ts'

/** A token of Slack's markup: text, or a token with a meaning. */
export type Piece =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; inside: Piece[] }
  | { kind: 'link'; href: string; text: string }
  | { kind: 'person' | 'channel' | 'group'; id: string; label: string }
  | { kind: 'everybody'; text: string }
  | { kind: 'date'; seconds: number; format: string; href: string; text: string }

export type Part = { kind: 'lines' | 'quote'; pieces: Piece[] } | { kind: 'code'; text: string }

// The order matters: text in a code span or between angle brackets has no further markup. A marker counts only at
// the edge of a word, so that `snake_case` and `2*3*4` are not changed.
const token =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}_])(?:\*([^\s*](?:[^*\n]*[^\s*])?)\*|_([^\s_](?:[^\n]*?[^\s_])?)_|~([^\s~](?:[^~\n]*[^\s~])?)~)(?![\p{L}\p{N}_])/gu

/** Parses Slack's markup as its client does (docs/slack.md §6 mrkdwn): paragraphs, quotes and code, with links and emphasis inside. */
export function parseMarkup(text: string): Part[] {
  return text.split(/```\n?([\s\S]*?)\n?```/).flatMap((part, index) => {
    if (index % 2 === 1) return [{ kind: 'code', text: plain(part) }]
    return part.trim() === '' ? [] : quotedOrNot(index === 0 ? part : part.replace(/^\n/, ''))
  })
}

function quotedOrNot(text: string): Part[] {
  const runs: { quoted: boolean; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const quoted = /^(?:&gt;|>)/.test(line)
    const last = runs.at(-1)
    const read = quoted ? line.replace(/^(?:&gt;|>) ?/, '') : line
    if (last?.quoted === quoted) last.lines.push(read)
    else runs.push({ quoted, lines: [read] })
  }
  return runs.map(({ quoted, lines }) => ({ kind: quoted ? 'quote' : 'lines', pieces: piecesOf(lines.join('\n')) }))
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  const say = (end: number) => {
    if (end > at) pieces.push({ kind: 'text', text: withEmoji(plain(text.slice(at, end))) })
  }
  for (const match of text.matchAll(token)) {
    const [whole, code, angle, bold, italic, strike] = match
    say(match.index)
    at = match.index + whole.length
    if (code !== undefined) pieces.push({ kind: 'code', text: plain(code) })
    else if (angle !== undefined) pieces.push(named(angle))
    else if (bold !== undefined) pieces.push({ kind: 'bold', inside: piecesOf(bold) })
    else if (italic !== undefined) pieces.push({ kind: 'italic', inside: piecesOf(italic) })
    else pieces.push({ kind: 'strike', inside: piecesOf(strike ?? '') })
  }
  say(text.length)
  return pieces
}

/** The token between angle brackets: a person, a channel, a group, everybody, a date, or a URL. */
function named(angle: string): Piece {
  const bar = angle.indexOf('|')
  const target = bar === -1 ? angle : angle.slice(0, bar)
  const label = bar === -1 ? '' : plain(angle.slice(bar + 1))
  const date = /^!date\^(\d+)\^([^^]+)(?:\^(.+))?$/.exec(target)
  if (date) return { kind: 'date', seconds: Number(date[1]), format: plain(date[2] ?? ''), href: plain(date[3] ?? ''), text: label }
  if (target.startsWith('@')) return { kind: 'person', id: target.slice(1), label }
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), label }
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice('!subteam^'.length), label }
  if (target.startsWith('!')) return { kind: 'everybody', text: `@${target.slice(1)}` }
  return { kind: 'link', href: plain(target), text: label || plain(target).replace(/^mailto:/, '') }
}

/** The three characters that Slack escapes; there are no other entities. */
function plain(text: string) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** Replaces `:tada:` by its emoji. Other text between colons, such as `10:30:00`, stays. */
export function withEmoji(text: string) {
  return text.replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiOf(name) ?? whole)
}
