/** JSON whose shape nobody has checked yet: what a bot sends is read piece by piece. */
export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The value, or the text itself where it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Slack counts Unicode code points, neither bytes nor UTF-16 units (mb_strlen, facts 0.12). */
export function lengthOf(text: string) {
  return [...text].length
}
