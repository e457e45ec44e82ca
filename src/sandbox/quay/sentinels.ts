import type { QuayFaults } from './wire.ts'

// Failures that a person can cause in the browser too: the name anywhere in a path or body is enough
// (`/quay repo create acme/quay-503`).
const sentinels: Record<string, QuayFaults> = {
  'quay-503': { status: 503 },
  'quay-429': { status: 429 },
  'quay-slow': { latencyMs: 4_000 },
  'quay-cut-answer': { cut: true },
}

/** Whether a call changes something: a lost answer matters there, and reading must go on so that a person can look. */
export function sentinelIn(method: string, path: string, text: string): QuayFaults | undefined {
  for (const [name, faults] of Object.entries(sentinels)) {
    if (!path.includes(name) && !text.includes(name)) continue
    // Only changes lose their answer: the look at Quay afterwards has to tell the truth.
    if (faults.cut && method === 'GET') continue
    return faults
  }
}
