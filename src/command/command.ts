import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Bot } from '../context.ts'
import type { Credential } from '../core/credential.ts'
import type { Sentence, Translate } from '../core/i18n.ts'
import type { Quay } from '../quay/http.ts'
import type { Person } from '../security/identity.ts'
import type { Right, Wanted } from '../security/permissions.ts'
import type { Message } from '../slack/blocks.ts'

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
  /** The rights that this step needs on top of the operation's own. */
  needs?: Wanted[]
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

export type ObjectKind = 'repository' | 'new-repository' | 'namespace' | 'team' | 'robot' | 'tag' | 'user' | 'channel'

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

/** What an operation does to the world: rules of the policy may name these instead of operations (security.md rule 9). */
export type Effect = 'creates' | 'makes-public' | 'grants' | 'destroys' | 'overwrites' | 'reveals' | 'runs-code' | 'changes-limits'

/** A right on the object that an input field names; an optional field left out needs nothing. */
export interface Need<Field extends string = string> {
  right: Right
  on: Field
}

export interface Changes<Input, Result> {
  effects: Effect[] | ((input: Input) => Effect[])
  /**
   * What a retry does when nobody knows how an attempt ended: do it again, because that is harmless; leave it to a
   * person; or look for what the lost attempt left (content, not existence), and do it again only if there is nothing.
   */
  repeat: 'safe' | 'never' | ((run: Run<Input>) => Promise<{ result: Result } | undefined>)
  /** Beside `never`, where something can be looked for: what is found is the result, what is not found is still not repeated. */
  look?: (run: Run<Input>) => Promise<{ result: Result } | undefined>
  /** Beside `never`: the reading command by which a person sees what there is now, without the slash: `robot show acme+ci`. */
  lookWith?: (input: Input) => string
}

interface Declared<Schema extends z.ZodObject, Result, Facts> {
  /** One line, imperative: the help line, the first line of the modal, the sentence of a request. */
  summary: string
  /** What a reader of the help must know beyond the fields. */
  help?: string
  /** A z.strictObject: a misspelt field is refused, not dropped. */
  input: Schema
  examples: string[]
  /** All must hold. Pure data, so that help can tell who may before there is an input. */
  needs: Needs<keyof z.output<Schema> & string>
  /** The calls of Quay without which it is not offered, as its API document has them: `GET /repository/{repository}/mirror`. */
  calls?: string[]
  /** Absent: the operation only reads. */
  changes?: Changes<z.output<Schema>, Result>
  /** What Quay has now, to fill the modal with once its key fields are known. */
  current?(run: Run<z.output<Schema>>): Promise<Partial<z.output<Schema>>>
  /** What a person sees before they press: it is not run by typing alone, unless `read` finds nothing worth a look. */
  preview?: { read(run: Run<z.output<Schema>>): Promise<Facts | undefined>; view(facts: Facts, t: Translate): Message }
  /** The reply is for the typist alone: it has no *Share in channel*. */
  private?: boolean
  /** The work. Returns plain JSON: it may be stored and drawn later, in another language. A result with `next` has pages. */
  run(run: Run<z.output<Schema>>): Promise<Result>
  /** What follows the work, as data: a step that fails leaves the rest as a checklist with *Retry*. */
  after?(input: z.output<Schema>, person: Person, result?: Result): Step[]
  /** Credentials that the result brought: the person gets a *Reveal* button by direct message. */
  reveals?(result: Result, run: Run<z.output<Schema>>): Reveals | undefined
  /** A text of the result that is sent as a file by direct message. */
  file?(result: Result): { name: string; text: string } | undefined
  view(result: Result, t: Translate): Message
}

export type Needs<Field extends string = string> = 'anyone' | 'linked' | 'superuser' | Need<Field>[]

/** A slash command, declared once. Its name is its file path: see registry.ts. */
export type Operation<Schema extends z.ZodObject = z.ZodObject, Result = unknown, Facts = unknown> = Declared<Schema, Result, Facts>

/** Only here so that `run`, `view` and the rest infer their types from `input`. */
export function operation<Schema extends z.ZodObject, Result, Facts = never>(declared: Operation<Schema, Result, Facts>) {
  return declared
}

/** The effects of an operation for this input; a reading one has none. */
export function effectsOf({ changes }: Operation, input: Record<string, unknown>): Effect[] {
  if (!changes) return []
  return typeof changes.effects === 'function' ? changes.effects(input) : changes.effects
}
