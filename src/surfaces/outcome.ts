import type { Logger } from 'pino'
import type { RequestFacts } from '../approvals/facts.ts'
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

/** The page of a list that a reply shows, with what its buttons need. */
export interface PageShown {
  id: string
  index: number
  /** Whether there are newer and older pages. */
  newer: boolean
  older: boolean
}

/** A person's invocation of a command, by slash text, modal or button. All of them take the same path. */
export interface Entry {
  name: string
  given: Given
  /** The Slack user id. */
  user: string
  /** The idempotency key: a trigger, a message, a view or a preview. A change that arrives twice is done once. */
  key: string
  reference: string
  log: Logger
  channel?: string | undefined
  /** With a reason, a request is created at once if the policy requires approval. */
  reason?: string | undefined
  /** The person knows of an open request for the same, and makes their own. */
  alongside?: boolean
  dryRun?: boolean
  /** It comes from a message that is too old to change anything (docs/SECURITY.md rule 43). */
  late?: boolean | undefined
  /** The facts of the preview that the person saw and pressed; `some`: those that release 0.1.0 knew. */
  confirmed?: { facts: unknown; are: 'all' | 'some' }
  /** Set by *Retry* of a plan. */
  from?: Resumed
  /** It comes from Slackbot, so a change is only prepared: it is checked like any other, and its facts are read (docs/SECURITY.md rule 46). */
  tool?: true
  /** The person pressed *Apply* under a prepared change with these facts. */
  prepared?: { facts: RequestFacts | null }
}

/** The database failed after the change. The outcome is written, and a credential sealed and sent, when it is back. */
export interface Unwritten {
  /** The description of the credential. */
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
        /** For Slackbot, which turns no pages: there are more entries. */
        more?: boolean
      }
    /** A preview to confirm. `changed`: it was confirmed, but the facts have changed since. */
    | { state: 'preview'; facts: unknown; changed: boolean }
    /** A change that Slackbot prepared, with its facts, if the person may know them. `changed`: they have changed since it was prepared. */
    | { state: 'prepared'; facts: RequestFacts | null; ruling: Ruling; changed: boolean }
    /** A dry run: the calls that it would make, and the policy's ruling. No calls for a person without the permission, because they would disclose what exists. */
    | { state: 'planned'; calls: DryRunCall[] | undefined; ruling: Ruling }
    /** `same`: somebody else's open request for the same; then a reason that was given is kept. */
    /** The command can be requested: by a person without the permission, or by everybody under `ask: always`. */
    | { state: 'offered'; rule: Rule; refused: Failure | undefined; same: Request | undefined; reason: string | undefined }
    /** The request was created and is pending. */
    | { state: 'asked'; request: Request }
    /** The same key arrived before, and its outcome is not known yet. */
    | { state: 'running'; reference: string }
  )

export interface Permitted extends Entry, Shared {
  permissions: EffectivePermission[]
  ruling: Ruling
  /** Why the person may not run it, if the policy lets them request it. */
  refused: Failure | undefined
}
