import type { Fields } from './types.ts'

export interface Answer extends Fields {
  ok: boolean
  error?: string
}

/** Runs an action of the sandbox's control API, as curl would. A refusal of Slack's is returned as a sentence. */
export async function post(path: string, body: Fields): Promise<Answer> {
  try {
    const response = await fetch(`/_control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Answer // the shape that the control API documents
  } catch {
    return { ok: false, error: 'The sandbox does not answer. Is it still running?' }
  }
}

/** Reads from the control API. */
export async function get<Shape>(path: string): Promise<Shape> {
  const response = await fetch(`/_control/${path}`)
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}.`, { cause: response.status })
  return (await response.json()) as Shape // the shape that the control API documents
}
