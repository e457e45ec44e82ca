import type { SectionBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { escaped } from '../../core/markup.ts'
import { redactInSlices } from '../../core/redact.ts'
import type { BuildLogEntry } from '../../quay/build-log.ts'
import { bold, section } from '../blocks.ts'
import { phaseWord } from './build.ts'

/** A line of a build's log under its number: two lines may say the same, and yet are two. */
export interface LogLine {
  line: number
  kind: BuildLogEntry['kind']
  text: string
}

// Colours of a terminal.
const escapes = /\u001b\[[0-9;?]{0,32}[A-Za-z]/g
const longest = 400

/** Entries as lines of text: what looks like a credential is cut out, as it may be shared in a channel. */
export async function logLines(entries: BuildLogEntry[], first = 0): Promise<LogLine[]> {
  // All at once: a private key stands on many lines. Colors go first, as they may stand inside of a word.
  const texts = await redactInSlices(entries.map(({ message }) => plainLine(message)))
  return entries.map(({ kind }, index) => ({ line: first + index, kind, text: texts[index] ?? '' }))
}

/** A line as it looks in a terminal, without its colors and cursor moves. */
export function plainLine(message: string) {
  return message.replaceAll(escapes, '').replaceAll('\r', '').trimEnd()
}

export function logText(lines: LogLine[]) {
  return `${lines.map(({ kind, text }) => (kind === 'phase' ? `\n== ${text} ==` : text)).join('\n')}\n`.trimStart()
}

/** Lines in code style under their phases as headings. */
export function logBlocks(lines: LogLine[], t: Translate): SectionBlock[] {
  const parts: { phase: string | undefined; texts: string[] }[] = []
  for (const { kind, text } of lines) {
    const last = parts.at(-1)
    if (kind === 'phase' || !last)
      parts.push(kind === 'phase' ? { phase: text, texts: [] } : { phase: undefined, texts: [shown(kind, text)] })
    else last.texts.push(shown(kind, text))
  }
  return parts.flatMap(({ phase, texts }) => [
    ...(phase === undefined ? [] : [section(bold(phaseWord(phase, t)).markup)]),
    ...chunks(texts).map((text) => section(`\`\`\`\n${text}\n\`\`\``)),
  ])
}

function shown(kind: LogLine['kind'], text: string) {
  const clipped = text.length > longest ? `${text.slice(0, longest)}…` : text
  // Three back-ticks would end the code.
  const safe = escaped(clipped.replaceAll('`', 'ˋ'))
  return kind === 'error' ? `✗ ${safe}` : safe
}

/** As many lines in a section as Slack takes: cut by us, so that each keeps its closing back-ticks. */
function chunks(texts: string[]) {
  const all: string[] = []
  for (const text of texts) {
    const last = all.at(-1)
    if (last !== undefined && last.length + text.length < 2800) all[all.length - 1] = `${last}\n${text}`
    else all.push(text)
  }
  return all
}
