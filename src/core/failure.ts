import type { Sentence } from './i18n.ts'

export type FailureCode = 'invalid' | 'denied' | 'not_found' | 'conflict' | 'unavailable'

interface Options extends ErrorOptions {
  /** Ids of Slack people and user groups who could help. */
  help?: string[]
  /** Looks them up, which costs calls: asked only where the refusal is drawn (`withHelp`). Must not throw. */
  findHelp?: () => Promise<string[]>
  /** Problems of single fields, by name, if known. */
  fields?: Record<string, Sentence>
  /** Only for `unavailable`: whether it may work in a minute without anybody's help. True by default. */
  passes?: boolean
  /** The next step, unless it is to retry or to ask somebody. */
  next?: Sentence
  /** Reading all accounts again may help: a button does it. */
  lookAgain?: boolean | undefined
}

/** An expected failure. It carries a sentence, which is rendered in the language of its reader. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly sentence: Sentence
  readonly help: string[]
  readonly findHelp: (() => Promise<string[]>) | undefined
  readonly fields: Record<string, Sentence>
  /** Whether a retry in a minute can help. */
  readonly passes: boolean
  readonly next: Sentence | undefined
  readonly lookAgain: boolean

  constructor(
    code: FailureCode,
    message: string,
    values: Sentence['values'] = {},
    { help = [], findHelp, fields = {}, passes = code === 'unavailable', next, lookAgain = false, ...options }: Options = {},
  ) {
    super(message, options)
    this.code = code
    this.sentence = { message, values }
    this.help = help
    this.findHelp = findHelp
    this.fields = fields
    this.passes = passes
    this.next = next
    this.lookAgain = lookAgain
  }
}

/** The same failure with the people who could help, looked up now. */
export async function withHelp(failure: Failure): Promise<Failure> {
  if (!failure.findHelp) return failure
  const { code, sentence, fields, passes, next, cause } = failure
  const help = await failure.findHelp()
  return new Failure(code, sentence.message, sentence.values, { help, fields, passes, ...(next && { next }), cause })
}

/** A failure as it is logged: its message without values, which a person may have typed (docs/SECURITY.md rule 20). */
export function logged({ code, message, cause }: Failure) {
  return { code, said: message, cause }
}
