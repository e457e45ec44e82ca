import { cut } from './credential-shapes.ts'

const keyMark = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g

/** Cuts private keys: everything between the markers, or, if a marker is missing, the lines that look like part of a key. */
export function withoutKeyBlocks(text: string) {
  const parts: string[] = []
  let done = 0
  let open = false
  for (const { 0: mark, 1: kind, index } of text.matchAll(keyMark)) {
    const before = text.slice(done, index)
    parts.push(open && kind === 'END' ? cutLines(before) : withoutKeyLines(before, open, kind === 'END'), mark)
    open = kind === 'BEGIN'
    done = index + mark.length
  }
  return done === 0 ? text : `${parts.join('')}${withoutKeyLines(text.slice(done), open, false)}`
}

function cutLines(text: string) {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? line : cut))
    .join('\n')
}

function withoutKeyLines(text: string, fromStart: boolean, toEnd: boolean) {
  const lines = text.split('\n')
  if (fromStart) for (let at = 0; at < lines.length && isKeyLine(lines[at] ?? '', at === 0); at += 1) lines[at] = lines[at] ? cut : ''
  // The last piece is on the line of the marker; the line above it is often shorter than the others.
  if (toEnd) for (let at = lines.length - 2, first = at; at >= 0 && isKeyLine(lines[at] ?? '', at === first); at -= 1) lines[at] = cut
  return lines.join('\n')
}

function isKeyLine(line: string, always: boolean) {
  return always || /(?:^|\s)[\w+/=]{24,256}\s?$/.test(line.slice(-260))
}

/** Cuts the values of a Kubernetes Secret, under any name. */
export function withoutSecretData(lines: string[]) {
  if (!lines.some((line) => /\bkind"?\s?:\s?"?Secret\b/.test(line.slice(0, 200)))) return lines
  let depth = -1
  return lines.map((line) => {
    const indent = line.search(/\S/)
    if (/^\s{0,60}(?:stringD|d)ata:\s?$/.test(line.slice(0, 80))) depth = indent
    else if (indent >= 0 && indent <= depth) depth = -1
    else if (depth >= 0) return line.replace(/^(\s{0,100}[\w.-]{1,253}:\s).*$/, `$1${cut}`)
    return line
  })
}
