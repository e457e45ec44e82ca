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
  /** All that a field may say about itself beside its type, its `.describe()` (the hint) and its title (the label). */
  interface GlobalMeta {
    /** The kind of object the field names: decides its suggestions, and what a need on it means. */
    of?: ObjectKind
    /** The field that this one's object lives in: a tag is `in: 'repository'`. */
    in?: string
    /** Words for the values of an enum. */
    labels?: Record<string, string>
    multiline?: boolean
    /** Its values may look like `name=value`: `cn=developers,ou=groups`. Everywhere else such a word names a field. */
    assignments?: boolean
    /** Shown under *More options*. */
    advanced?: boolean
    /** A credential: taken by the modal only, refused in slash text, never stored in clear. */
    secret?: boolean
  }
}

/** A result of one page: `next` is Quay's token of the page after it, which never reaches a message. */
export interface Paged<Entry> {
  entries: Entry[]
  next: string | undefined
  /** The last page may have a `next` as well: it is looked at before *Older* is drawn. */
  peek?: boolean
}

/** One thing to do after the main work: harmless to repeat, and named in words for the checklist. */
export interface Step {
  /** `Give {account} admin`: what a person reads when it is done, has failed or is left. */
  name: Sentence
  /** Its name is an option that was asked for: the reply names it when all went through, too. */
  asked?: boolean
  /**
   * What whoever goes on with the plan must hold at that moment, asked anew (docs/SECURITY.md rule 28). The first run comes right
   * after the command's own permissions were asked for, and relies on those.
   */
  permissions: ObjectPermission[] | 'superuser'
  /** The bot is for what is about the bot itself: a subscription. */
  run(run: Pick<Run<unknown>, 'bot' | 'quay' | 'person' | 'log'>): Promise<unknown>
}

/** Credentials inside a result: `execute` seals them before anything is stored or drawn. */
export interface Reveals {
  /** “Token of {robot}”. */
  what: Sentence
  credentials: Record<string, Credential>
  /** What the snippets under it need: `{ kind: 'robot' | 'user', username, registry }`. */
  context: Record<string, string>
  /** Whose it is, when not the typist's: revealed to that account's Slack person where one is linked. */
  account?: string
}

export type ObjectKind = 'repository' | 'new-repository' | 'namespace' | 'new-namespace' | 'team' | 'robot' | 'tag' | 'user' | 'channel'

export interface Run<Input> {
  input: Input
  quay: Quay
  person: Person
  log: Logger
  /** The channel it was typed in or opened from; absent where there is none, as for an approved request. */
  channel?: string | undefined
  /** Where a paged reply goes on; absent on its first page. */
  page?: string
  /** For operations about the bot itself (help, status, requests, audit, subscriptions); the others leave it alone. */
  bot: Bot
}

/** What follows the work, as data: a step that fails leaves the rest as a checklist with *Retry*. */
export interface Plan<Input, Result> {
  steps(input: Input, person: Person, result?: Result): Step[]
  /**
   * Whether what the steps are about is still what this plan made, or was run for: asked before *Retry* goes on. Throws
   * `conflict` with the reason where it is not, or where nobody can tell.
   */
  checkObject(run: Run<Input>, result: Result, begun: Begun): Promise<void>
}

/** When the main work of a plan was done, by the bot's clock, and under which references and request the record has it. */
export interface Begun {
  at: number
  references: string[]
  request?: string | undefined
}

/** What an operation does to the world: rules of the policy may name these instead of operations (docs/SECURITY.md rule 9). */
export type Effect = 'creates' | 'makes-public' | 'grants' | 'destroys' | 'overwrites' | 'reveals' | 'runs-code' | 'changes-limits'

/** A right on the object that an input field names; an optional field left out needs nothing. */
export interface RequiredPermission<Field extends string = string> {
  permission: Permission
  on: Field
  /** Of a repository that may be missing: the right on it that is needed instead where it exists. */
  existing?: Permission
  /** Superusers may too, where Quay lets them without full access. */
  orSuperuser?: true
}

type SomeEffects = [Effect, ...Effect[]]

/**
 * What Quay has now of what a reviewer relies on, beyond the input: by the names of fact-names.ts, as plain values that are
 * drawn and compared. `preview`: what the preview reads is all of it. `none`: why there is nothing (docs/SECURITY.md rule 30).
 */
export type FactsOf<Input> = 'preview' | { none: string } | ((run: Run<Input>) => Promise<Facts>)

export interface Changes<Input, Result> {
  /** At least one: what has none no rule on effects and no `default: refuse` would hold. `ownBusiness`: why Quay does not change. */
  effects: SomeEffects | ((input: Input) => SomeEffects) | { ownBusiness: string }
  facts: FactsOf<Input>
  /**
   * What a retry does when nobody knows how an attempt ended: do it again, because that is harmless; leave it to a
   * person; or look for what the lost attempt left (content, not existence), and do it again only if there is nothing.
   */
  retry: 'idempotent' | 'never' | ((run: Run<Input>) => Promise<{ result: Result } | undefined>)
  /** Beside `never`, where something can be looked for: what is found is the result, what is not found is still not repeated. */
  probe?: (run: Run<Input>) => Promise<{ result: Result } | undefined>
  /** Beside `never`: the reading command by which a person sees what there is now, without the slash: `robot show acme+ci`. */
  manualCheck?: (input: Input) => string
}

interface Declared<Schema extends z.ZodObject, Result, Shown> {
  /** One line, imperative: the help line, the first line of the modal, the sentence of a request. */
  summary: string
  /** What a reader of the help must know beyond the fields. */
  help?: string
  /** A z.strictObject: a misspelt field is refused, not dropped. */
  input: Schema
  examples: string[]
  /** All must hold. Pure data, so that help can tell who may before there is an input. */
  permissions: RequiredPermissions<keyof z.output<Schema> & string>
  /** The calls of Quay without which it is not offered, as its API document has them: `GET /repository/{repository}/mirror`. */
  calls?: string[]
  /** Absent: the operation only reads. */
  changes?: Changes<z.output<Schema>, Result>
  /** What Quay has now, to fill the modal with once its key fields are known. */
  current?(run: Run<z.output<Schema>>): Promise<Partial<z.output<Schema>>>
  /** What a person sees before they press: it is not run by typing alone, unless `read` finds nothing worth a look. */
  preview?: { read(run: Run<z.output<Schema>>): Promise<Shown | undefined>; view(facts: Shown, t: Translate): Message }
  /** The reply is for the typist alone: it has no *Share in channel*. */
  private?: boolean
  /** The work. Returns plain JSON: it may be stored and drawn later, in another language. A result with `next` has pages. */
  run(run: Run<z.output<Schema>>): Promise<Result>
  after?: Plan<z.output<Schema>, Result>
  /** Credentials that the result brought: the person gets a *Reveal* button by direct message. */
  reveals?(result: Result, run: Run<z.output<Schema>>): Reveals | undefined
  /** A text of the result that is sent as a file by direct message. */
  file?(result: Result): { name: string; text: string } | undefined
  view(result: Result, t: Translate): Message
}

export type RequiredPermissions<Field extends string = string> = 'anyone' | 'linked' | 'superuser' | RequiredPermission<Field>[]

/** A slash command, declared once. Its name is its file path: see registry.ts. */
export type Command<Schema extends z.ZodObject = z.ZodObject, Result = unknown, Shown = unknown> = Declared<Schema, Result, Shown>

/** Only here so that `run`, `view` and the rest infer their types from `input`. */
export function command<Schema extends z.ZodObject, Result, Shown = never>(declared: Command<Schema, Result, Shown>) {
  return declared
}

/** The effects of an operation for this input; a reading one has none. */
export function effectsOf({ changes }: Command, input: Record<string, unknown>): Effect[] {
  if (!changes || 'ownBusiness' in changes.effects) return []
  return typeof changes.effects === 'function' ? changes.effects(input) : changes.effects
}
