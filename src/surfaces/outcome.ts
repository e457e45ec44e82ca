import type { Logger } from 'pino'
import type { Request } from '../approvals/request.ts'
import type { Ruling } from '../approvals/rules.ts'
import type { Given } from '../command/arguments.ts'
import type { Begun, Command } from '../command/command.ts'
import type { Resumed } from '../command/run-with-retry.ts'
import type { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Rule } from '../core/policy.ts'
import type { StepState } from '../core/step-state.ts'
import type { SealedFor } from '../notifications/credential-offer.ts'
import type { DryRunCall } from '../quay/registry.ts'
import type { Person } from '../security/identity.ts'
import type { EffectivePermission } from '../security/permissions.ts'

/** The page of a list that a reply shows: what its buttons need. */
export interface PageShown {
  id: string
  index: number
  /** Whether there is one before and one after it. */
  newer: boolean
  older: boolean
}

/** Somebody wants an operation: by words, by a modal or by a button. Everything goes through here. */
export interface Entry {
  name: string
  given: Given
  /** The Slack user id. */
  user: string
  /** What makes this entry itself: a trigger, a view, a preview. A changing one that arrives twice is done once. */
  key: string
  reference: string
  log: Logger
  channel?: string | undefined
  /** Given, it asks at once where the policy wants a decision. */
  reason?: string | undefined
  dryRun?: boolean
  /** The facts of the preview that the person saw and pressed. */
  confirmed?: unknown
  /** *Retry* of a plan. */
  from?: Resumed
}

/** The database failed after the change: it is written, and a credential sealed and sent, when it is back. */
export interface Unwritten {
  /** The credential, in words. */
  what: Sentence | undefined
}

export interface Shared {
  name: string
  command: Command
  person: Person
  input: Record<string, unknown>
}

export type Outcome = Shared &
  (
    | {
        state: 'done'
        result: unknown
        steps: StepState[]
        /** When the main work was done, for *Retry*. */
        begun?: Begun | undefined
        page?: PageShown | undefined
        secret?: SealedFor | undefined
        unwritten?: Unwritten
      }
    /** To be looked at and pressed. `changed`: it was pressed, but what was shown is no longer so. */
    | { state: 'preview'; facts: unknown; changed: boolean }
    /** A dry run: what it would do, and what the policy says to it. No calls for who lacks the right: they tell what there is. */
    | { state: 'planned'; calls: DryRunCall[] | undefined; ruling: Ruling }
    /** It can be asked for: by who lacks the right, or by everybody where the rule says always. */
    | { state: 'offered'; rule: Rule; refused: Failure | undefined }
    /** It was asked for, and waits for a decision. */
    | { state: 'asked'; request: Request }
    /** The same entry came before, and its outcome is not known yet. */
    | { state: 'running'; reference: string }
  )

export interface Permitted extends Entry, Shared {
  permissions: EffectivePermission[]
  ruling: Ruling
  /** Why they may not do it themselves, where the policy lets them ask. */
  refused: Failure | undefined
}
