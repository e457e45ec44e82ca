import type { Fields } from './json.ts'

export interface Problem {
  code: string
  message: string
  pointer: string
  constraint?: Fields
  field?: string
}

export function checkBlocks(_blocks: unknown, _surface: string, _pointer: string): Problem[] {
  return []
}

export function checkMessage(_message: unknown): Problem[] {
  return []
}

export function checkView(_view: unknown, _pointer: string): Problem[] {
  return []
}
