import { setImmediate as aTurn } from 'node:timers/promises'

const slice = 512 * 1024
const [quote, backslash, open, close, openList, closeList] = [...'"\\{}[]'].map((character) => character.charCodeAt(0))

/**
 * The objects in the list of a name, `{"logs": [{…}, {…}]}`, each parsed by itself: a body of 50 MB at once would hold up everybody else
 * for a second. Undefined: it has no such list, or is cut off in it.
 */
export async function objectsInSlices(bytes: Buffer, name: string): Promise<unknown[] | undefined> {
  const start = listStart(bytes, name)
  if (start < 0) return undefined
  const found: unknown[] = []
  let [depth, from, since] = [0, 0, start]
  let isText = false
  for (let at = start; at < bytes.length; at += 1) {
    if (at - since > slice) {
      since = at
      await aTurn()
    }
    const byte = bytes[at]
    if (isText) {
      if (byte === backslash) at += 1
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === open || byte === openList) {
      if (depth === 0) from = at
      depth += 1
    } else if (byte === closeList && depth === 0) return found
    else if (byte === close || byte === closeList) {
      depth -= 1
      if (depth === 0) found.push(parsed(bytes.toString('utf8', from, at + 1)))
    }
  }
  return undefined
}

/** Behind the bracket of the list; the name stands near the beginning or the end, and in no text that holds it in quotes unescaped. */
function listStart(bytes: Buffer, name: string) {
  const key = Buffer.from(`"${name}"`)
  const at = bytes.indexOf(key)
  if (at < 0) return -1
  const [found] = /^\s{0,20}:\s{0,20}\[/.exec(bytes.toString('latin1', at + key.length, at + key.length + 50)) ?? []
  return found === undefined ? -1 : at + key.length + found.length
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
