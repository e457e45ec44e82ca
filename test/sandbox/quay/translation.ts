// Ids, tokens and digests differ from run to run. Reading a recorded answer beside the simulator's own teaches which of
// ours stands for which of theirs, and the following requests are said in ours.

const isId = (text: string) => /^[0-9a-f]{8}-[0-9a-f-]{27}$|^gAAAA|^[A-Z0-9]{20}$|^sha256:[0-9a-f]{64}$/.test(text)

export function translation(isTheirs: (text: string) => boolean) {
  const words = new Map<string, string>()

  const learn = (theirs: unknown, ours: unknown): void => {
    if (typeof theirs === 'string' && typeof ours === 'string') {
      // What the fixture took over from the recording stands for itself, wherever it turns up.
      if (isId(theirs) && theirs !== ours && !words.has(theirs) && !isTheirs(ours)) words.set(theirs, ours)
      return
    }
    if (typeof theirs !== 'object' || typeof ours !== 'object' || theirs === null || ours === null) return
    const mine = ours as Record<string, unknown> // arrays too: their indexes are keys
    for (const [key, value] of Object.entries(theirs)) {
      if (key === 'id' && typeof value === 'number' && 'limit_percent' in theirs) words.set(`limit/${value}`, `limit/${mine.id}`)
      else learn(value, mine[key])
    }
  }

  const say = (text: string) => {
    let said = text
    for (const [theirs, ours] of words) said = said.replaceAll(theirs, ours)
    return said
  }
  return { learn, say }
}
