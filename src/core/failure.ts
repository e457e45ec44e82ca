import type { Sentence } from './i18n.ts'

export type FailureCode = 'invalid' | 'denied' | 'not_found' | 'conflict' | 'unavailable'

interface Options extends ErrorOptions {
  /** Slack people and user groups who could help: their ids. */
  help?: string[]
  /** What is wrong with single fields, by name, where that is known. */
  fields?: Record<string, Sentence>
  /** `unavailable` alone: whether it may well work in a minute, without anybody's help. True unless it is said. */
  passes?: boolean
  /** What to do next, where that is neither to try again nor to ask somebody. */
  next?: Sentence
}

/** A failure we foresaw. It carries a sentence for a person, drawn in their language by whoever shows it. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly sentence: Sentence
  readonly help: string[]
  readonly fields: Record<string, Sentence>
  /** Whether trying again in a minute can help. */
  readonly passes: boolean
  readonly next: Sentence | undefined

  constructor(
    code: FailureCode,
    message: string,
    values: Sentence['values'] = {},
    { help = [], fields = {}, passes = code === 'unavailable', next, ...options }: Options = {},
  ) {
    super(message, options)
    this.code = code
    this.sentence = { message, values }
    this.help = help
    this.fields = fields
    this.passes = passes
    this.next = next
  }
}

/** What the log keeps of a failure: its words without their values, which may be what somebody typed (docs/SECURITY.md rule 20). */
export function logged({ code, message, cause }: Failure) {
  return { code, said: message, cause }
}
