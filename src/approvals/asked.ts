import type { Command } from '../command/command.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Rule } from '../core/policy.ts'
import type { Person } from '../security/identity.ts'

/** A request before it is created, checked and complete. */
export interface Asked {
  name: string
  command: Command
  input: Record<string, unknown>
  person: Person
  rule: Rule
  reason: string | undefined
  /** The permission that the requester lacks; undefined under `ask: always` if they have it. */
  lacks: Sentence | undefined
  /** Open requests of others for the same, which the requester has seen. */
  same?: string[] | undefined
  key: string
  reference: string
}
