import { isOutage } from './refusal.ts'
import type { Attempt } from './retry.ts'

/** What one execution has read from Quay, so that it reads each thing once: Quay's own answers by their address. */
export interface Memo {
  /** The answer to this address, or a new one. Concurrent reads share a call. */
  read(url: string, ask: () => Promise<Attempt>): Promise<Attempt>
  /** What was read may be otherwise now, because the execution changes something. */
  forget(): void
}

// An export of a whole log reads thousands of pages, none of them twice.
const keptAtMost = 200
const longest = 1_000_000

/** Empty. An outage and a very long answer are not kept. */
export function openMemo(): Memo {
  const answers = new Map<string, Promise<Attempt>>()

  function read(url: string, ask: () => Promise<Attempt>) {
    const known = answers.get(url)
    if (known) return known
    const asked = ask()
    answers.set(url, asked)
    const drop = () => void (answers.get(url) === asked && answers.delete(url))
    asked.then((answer) => !isKept(answer) && drop(), drop)
    const [oldest] = answers.keys()
    if (answers.size > keptAtMost && oldest !== undefined) answers.delete(oldest)
    return asked
  }

  return { read, forget: () => answers.clear() }
}

function isKept(answer: Attempt) {
  return 'status' in answer && !isOutage(answer.status) && answer.bytes.length <= longest
}
