import type { SectionBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import { escaped } from '../../core/markup.ts'
import { redactInSlices } from '../../core/redact.ts'
import type { BuildLogEntry } from '../../quay/build-log.ts'
import { bold, section } from '../blocks.ts'
import { phaseWord } from './build.ts'

/** A line of a build's log with its number, because two lines may have the same text. */
export interface LogLine {
  line: number
  kind: BuildLogEntry['kind']
  text: string
}

// Color codes of a terminal.
const escapes = /\u001b\[[0-9;?]{0,32}[A-Za-z]/g
const longest = 400

/** The log entries as lines of text, redacted, because they may be shared in a channel. */
export async function logLines(entries: BuildLogEntry[], first = 0): Promise<LogLine[]> {
  // All lines at once, because a private key spans several. Color codes are removed first, because they may split a word.
  const texts = await redactInSlices(entries.map(({ message }) => plainLine(message)))
  return entries.map(({ kind }, index) => ({ line: first + index, kind, text: texts[index] ?? '' }))
}

/** A line as a terminal shows it, without color codes and cursor moves. */
export function plainLine(message: string) {
  return message.replaceAll(escapes, '').replaceAll('\r', '').trimEnd()
}

/** A build’s log as a file: each phase has a heading. */
export function logText(lines: LogLine[]) {
  return `${lines.map(({ kind, text }) => (kind === 'phase' ? `\n== ${text} ==` : text)).join('\n')}\n`.trimStart()
}

/** Lines as code blocks, with their phases as headings. */
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
  // Three backticks would close the code block.
  const safe = escaped(clipped.replaceAll('`', 'ˋ'))
  return kind === 'error' ? `✗ ${safe}` : safe
}

/** As many lines per section as Slack accepts. They are split here, so that each section keeps its closing backticks. */
function chunks(texts: string[]) {
  const all: string[] = []
  for (const text of texts) {
    const last = all.at(-1)
    if (last !== undefined && last.length + text.length < 2800) all[all.length - 1] = `${last}\n${text}`
    else all.push(text)
  }
  return all
}
