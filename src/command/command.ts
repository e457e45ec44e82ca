import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Bot } from '../context.ts'
import type { Credential } from '../core/credential.ts'
import type { Sentence, Translate } from '../core/i18n.ts'
import type { Quay } from '../quay/registry.ts'
import type { Person } from '../security/identity.ts'
import type { ObjectPermission, Permission } from '../security/permissions.ts'
import type { Message } from '../slack/blocks.ts'
import type { Facts } from './fact-names.ts'

declare module 'zod' {
  /** Everything that a field declares besides its type, its `.describe()` (the hint) and its title (the label). */
  interface GlobalMeta {
    /** The kind of object that the field names. It selects the suggestions and the meaning of a permission on the field. */
    of?: ObjectKind
    /** The field that contains this one's object: a tag is `in: 'repository'`. */
    in?: string
    /** Labels for the values of an enum. */
    labels?: Record<string, string>
    /** Values of an enum that not every registry has: the flag that they take, and the first minor release of Quay that has them. */
    offered?: Record<string, { flag: string; since?: number }>
    /** The object that the field identifies by an id: unique prefixes of it are taken, and `latest` and `#2` of the list just seen. */
    identifies?: IdKind
    /** How a typed time is read: a day before today where a bare weekday is typed, a duration (`2 weeks` as `2w`), a moment in UTC. */
    time?: 'past' | 'duration' | 'moment'
    multiline?: boolean
    /** Values may look like `name=value`, as in `cn=developers,ou=groups`. In other fields such a word names a field. */
    assignments?: boolean
    /** The field is shown under *More options*. */
    advanced?: boolean
    /** The field holds a credential: it is taken from the modal only, refused in slash text, and never stored in clear. */
    secret?: boolean
    /** The field names a moment in the person's own words, such as `friday 18:00`: it becomes ISO before anything else reads it. */
    moment?: boolean
  }
}

/** One page of a result: `next` is Quay's token of the following page. The token never reaches a message. */
export interface Paged<Entry> {
  entries: Entry[]
  next: string | undefined
  /** The last page may have a `next` too, so the following page is read before *Older* is rendered. */
  peek?: boolean
}

/** One follow-up step after the main work. It must be idempotent; its label is a line of the checklist. */
export interface Step {
  /** `Give {account} admin`: the text shown when the step is done, has failed or is pending. */
  name: Sentence
  /** The step was requested by an option, so the reply names it even when every step succeeded. */
  asked?: boolean
  /**
   * Permissions that the person who continues the plan must hold then, read without cache (docs/SECURITY.md rule 28). The first
   * run follows the check of the command's own permissions and relies on it.
   */
  permissions: ObjectPermission[] | 'superuser'
  /** `bot` is only for steps that concern the bot itself, such as a subscription. */
  run(run: Pick<Run<unknown>, 'bot' | 'quay' | 'person' | 'log' | 'reference'>): Promise<unknown>
}

/** Credentials inside a result: `execute` seals them before anything is stored or rendered. */
export interface Reveals {
  /** `Token of {robot}`. */
  what: Sentence
  credentials: Record<string, Credential>
  /** Values for the snippets below the credential: `{ kind: 'robot' | 'user', username, registry }`. */
  context: Record<string, string>
  /** The account that owns the credential, if not the requester's: it is revealed to the Slack person linked to that account. */
  account?: string
}

/** Objects of Quay and of the bot that have an id instead of a name. */
export type IdKind = 'build' | 'prune-policy' | 'trigger' | 'notification' | 'message' | 'request'

export type ObjectKind = 'repository' | 'new-repository' | 'namespace' | 'new-namespace' | 'team' | 'robot' | 'tag' | 'user' | 'channel'

export interface Run<Input> {
  input: Input
  quay: Quay
  person: Person
  log: Logger
  /** Of this invocation, or of the request: the same for every attempt at it. */
  reference?: string | undefined
  /** The reason that was given with it. */
  reason?: string | undefined
  /** The channel that the command came from; absent if there is none, as for an approved request. */
  channel?: string | undefined
  /** Position of a paginated reply; absent on its first page. */
  page?: string
  /** How many rows a page of a list should have: as many as the workspace draws in a table, or in lines; 20 unless said. */
  rows?: number | undefined
  /** For commands about the bot itself (help, status, requests, audit, subscriptions). Other commands must not use it. */
  bot: Bot
}

/** The steps that follow the main work, as data. A step that fails leaves a checklist with *Retry*. */
export interface Plan<Input, Result> {
  steps(input: Input, person: Person, result?: Result): Step[]
  /**
   * Checks, before *Retry* continues, that the object is still the one that this plan created or was run for. Throws
   * `conflict` with the reason if it is not, or if that cannot be determined.
   */
  checkObject(run: Run<Input>, result: Result, begun: Begun): Promise<void>
}

/** When the main work of a plan was done, by the bot's clock, and the references and request of its audit entries. */
export interface Begun {
  at: number
  references: string[]
  request?: string | undefined
}

/** What a command does to Quay. Rules of the policy may name these effects instead of commands (docs/SECURITY.md rule 9). */
export type Effect = 'creates' | 'makes-public' | 'grants' | 'destroys' | 'overwrites' | 'reveals' | 'runs-code' | 'changes-limits'

/** A permission on the object that an input field names. An optional field that is left out needs nothing. */
export interface RequiredPermission<Field extends string = string> {
  permission: Permission
  on: Field
  /** For a repository that may not exist: the permission on it that is needed instead if it does. */
  existing?: Permission
  /** Superusers may too, where Quay lets them without full access. */
  orSuperuser?: true
}

type SomeEffects = [Effect, ...Effect[]]

/**
 * What Quay has now that a reviewer relies on, beyond the input: plain values by the names of fact-names.ts. They are
 * rendered and compared. `preview`: the preview reads all of it. `none`: why there is nothing (docs/SECURITY.md rule 30).
 */
export type FactsOf<Input> = 'preview' | { none: string } | ((run: Run<Input>) => Promise<Facts>)

export interface Changes<Input, Result> {
  /** At least one, because rules on effects and `default: refuse` do not apply to a command without. `ownBusiness`: why Quay does not change. */
  effects: SomeEffects | ((input: Input) => SomeEffects) | { ownBusiness: string }
  facts: FactsOf<Input>
  /**
   * What happens after an attempt with an unknown outcome. `idempotent`: run it again. `never`: leave it to a person. A probe:
   * look for the effect of the lost attempt (its content, not only its existence) and run again if there is none.
   */
  retry: 'idempotent' | 'never' | ((run: Run<Input>) => Promise<{ result: Result } | undefined>)
  /** With `never`: looks for the effect. If found, it is the result; if not, the command is still not repeated. */
  probe?: (run: Run<Input>) => Promise<{ result: Result } | undefined>
  /** With `never`: the read-only command that shows a person the present state, without `/quay`: `robot show acme+ci`. */
  manualCheck?: (input: Input) => string
}

/** A permission on a repository, or `team`: membership of one in that organization. */
export interface Lasting {
  permission: 'read' | 'write' | 'admin' | 'team'
  object: string
}

interface Declared<Schema extends z.ZodObject, Result, Shown> {
  /** One line in the imperative: the line of the help, the first line of the modal, the sentence of a request. */
  summary: string
  /** What a reader of the help must know besides the fields. */
  help?: string
  /** A z.strictObject: a misspelled field is refused, not dropped. */
  input: Schema
  examples: string[]
  /**
   * Other words for the last word of its name, as people know them from elsewhere: with or without the noun, before or behind it.
   * `publish visibility=public` gives a field its value too.
   */
  aliases?: string[]
  /** All of these must be held. They are plain data, so that the help can list who may run a command before there is an input. */
  permissions: RequiredPermissions<keyof z.output<Schema> & string>
  /** Who may run it, for the help, where the permissions do not say it because the policy does. */
  runBy?: string
  /** Whether the person may run it without these permissions, because it is about a row of the bot's that is theirs, or about nothing in Quay. */
  mayAlways?(run: Pick<Run<z.output<Schema>>, 'bot' | 'input' | 'person' | 'channel'>): Promise<boolean>
  /** Throws `invalid` for what only several fields together, or the hour, show to be wrong: before anybody is asked for approval. */
  check?(input: z.output<Schema>, now: number): void
  /** What it gives to whom, and until when (milliseconds; undefined: without an end), for the policy's `temporary`. */
  lasting?(input: z.output<Schema>, now: number): { gives: Lasting[]; endsAt: number | undefined }
  /** Calls of Quay that the command depends on, as its API document names them: `GET /repository/{repository}/mirror`. */
  calls?: string[]
  /** Absent: the command is read-only. */
  changes?: Changes<z.output<Schema>, Result>
  /** Reads the present values from Quay to prefill the modal, once the key fields are known. */
  current?(run: Run<z.output<Schema>>): Promise<Partial<z.output<Schema>>>
  /** Shown before the person confirms: typing alone does not run the command, unless `read` returns undefined. */
  preview?: { read(run: Run<z.output<Schema>>): Promise<Shown | undefined>; view(facts: Shown, t: Translate): Message }
  /** The reply is for its author alone and has no *Share in channel*. */
  private?: boolean
  /** The main work. Returns plain JSON, which may be stored and rendered later in another language. A result with `next` has pages. */
  run(run: Run<z.output<Schema>>): Promise<Result>
  after?: Plan<z.output<Schema>, Result>
  /** Credentials in the result: the person gets a *Reveal* button by direct message. */
  reveals?(result: Result, run: Run<z.output<Schema>>): Reveals | undefined
  /** Text in the result that is sent as a file by direct message. */
  file?(result: Result): { name: string; text: string } | undefined
  /** Commands that the result leads to, each a button below it: a changing one opens its modal, filled with `input`. */
  next?(result: Result): { operation: string; input: Record<string, unknown> }[]
  view(result: Result, t: Translate): Message
}

export type RequiredPermissions<Field extends string = string> = 'anyone' | 'linked' | 'superuser' | RequiredPermission<Field>[]

/** A slash command, declared once. Its name is its file path (registry.ts). */
export type Command<Schema extends z.ZodObject = z.ZodObject, Result = unknown, Shown = unknown> = Declared<Schema, Result, Shown>

/** This function exists only so that `run`, `view` and the other members infer their types from `input`. */
export function command<Schema extends z.ZodObject, Result, Shown = never>(declared: Command<Schema, Result, Shown>) {
  return declared
}

/**
 * The effects of a command for this input; a read-only command has none. An input that an earlier release has stored gets the fields
 * that came since.
 */
export function effectsOf({ changes, input: schema }: Command, input: Record<string, unknown>): Effect[] {
  if (!changes || 'ownBusiness' in changes.effects) return []
  return typeof changes.effects === 'function' ? changes.effects(schema.safeParse(input).data ?? input) : changes.effects
}
