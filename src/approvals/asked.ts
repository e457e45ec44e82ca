import type { Command } from '../command/command.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Rule } from '../core/policy.ts'
import type { Person } from '../security/identity.ts'

/** What somebody requests, checked and complete. */
export interface Asked {
  name: string
  command: Command
  input: Record<string, unknown>
  person: Person
  rule: Rule
  reason: string | undefined
  /** What they lack; undefined under `ask: always`, where they have the right and ask all the same. */
  lacks: Sentence | undefined
  key: string
  reference: string
}
