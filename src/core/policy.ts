import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { secondsOf } from './durations.ts'
import { levels } from './log-levels.ts'
import { type PatternProblem, readPattern } from './pattern.ts'
import { exactName, namespaceGlob } from './policy-names.ts'
import { problemsOf, readYaml, whereIn } from './policy-problems.ts'

const slackPerson = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'must be the ID of a Slack user')
const slackId = z.string().regex(/^[UWS][A-Z0-9]{2,}$/, 'must be the ID of a Slack user or user group')

const mailDomain = z
  .string()
  .max(253)
  .regex(/^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,9}$/i, 'must be a mail domain')
  .transform((domain) => domain.toLowerCase())

/** `90m`, `4h`, `2d`, `1w`, converted to milliseconds. */
const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhdw]$/, 'must be a number of minutes, hours, days or weeks')
  .transform((text) => secondsOf(text) * 1000)

const effects = ['creates', 'makes-public', 'grants', 'destroys', 'overwrites', 'reveals', 'runs-code', 'changes-limits'] as const

/**
 * Says what is wrong with a command's name in a rule for approvals, or in a list of any commands; undefined means nothing. Passed in,
 * because this room does not know the commands.
 */
export type CheckCommand = (name: string, use: 'approval' | 'any') => string | undefined

function commandName(check: CheckCommand, use: 'approval' | 'any' = 'approval') {
  return z.string().superRefine((name, context) => {
    const problem = check(name, use)
    if (problem !== undefined) context.addIssue(problem)
  })
}

const patternProblems: Record<PatternProblem, string> = {
  syntax: 'is not a valid regular expression',
  'look-around': 'uses look-ahead, look-behind or an atomic group, which this engine (RE2) does not support',
  'back-reference': 'uses a back-reference, which this engine (RE2) does not support',
  'too-large': 'is too large for a regular expression',
  'not-python': 'is not a valid regular expression',
}

/** The pattern runs on text from people, so it must not hang: the grammar is RE2's, which is Python's without look-around. */
const regularExpression = z.string().superRefine((text, context) => {
  const read = readPattern(text)
  if ('problem' in read) context.addIssue(patternProblems[read.problem])
})

const value = z.union([z.string(), z.number(), z.boolean()])

/** How a command is requested, and who decides. */
const asking = {
  ask: z.enum(['without-right', 'always']).default('without-right'),
  requesters: z
    .array(z.union([z.literal('everyone'), slackId]))
    .nonempty()
    .default(['everyone']),
  channel: z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'must be the ID of a Slack channel'),
  approvers: z.array(z.union([z.enum(['quay:namespace-admin', 'quay:superuser']), slackId])).nonempty('must name at least one'),
  needed: z.int().min(1).max(20).default(1),
  /** How those who can decide hear of a new request: by direct message, by a mention on its card, or not at all. */
  notify: z.enum(['direct', 'mention', 'none']).default('direct'),
  /** Whether approvers may hand their approvals to somebody else while they are away (docs/SECURITY.md rule 42). */
  delegation: z.boolean().optional(),
  remind: z.array(duration).max(10).default([]),
  escalate: z.strictObject({ after: duration, to: z.array(slackId).nonempty() }).optional(),
  expires: duration.prefault('3d'),
  reason: z.strictObject({ required: z.boolean().default(false), pattern: regularExpression.optional() }).prefault({}),
}

function ruleSchema(check: CheckCommand) {
  return z
    .strictObject({
      name: z.string().min(1).max(100),
      commands: z.array(commandName(check)).nonempty().optional(),
      /** The name of `commands` in release 0.1.0, in files and in the rules that requests keep. */
      operations: z.array(commandName(check)).nonempty().optional(),
      effects: z.array(z.enum(effects)).nonempty().optional(),
      namespaces: z.array(namespaceGlob).nonempty().optional(),
      when: z.record(z.string(), z.union([value, z.array(value).nonempty()])).optional(),
      ...asking,
    })
    .refine((rule) => [rule.commands, rule.operations, rule.effects].filter((one) => one !== undefined).length === 1, {
      error: 'must have either commands or effects',
      path: ['commands'],
    })
    .transform(({ commands, ...rule }) => ({ ...rule, ...(commands && { operations: commands }) }))
}

/** What can be made temporary: the roles on a repository, and membership of a team. */
export const temporaryPermissions = ['read', 'write', 'admin', 'team'] as const

/** What must have an end; the first that matches decides how long it may last. */
const temporaryRule = z.strictObject({
  permissions: z.array(z.enum(temporaryPermissions)).nonempty().optional(),
  namespaces: z.array(namespaceGlob).nonempty().optional(),
  requesters: z
    .array(z.union([z.literal('everyone'), slackId]))
    .nonempty()
    .default(['everyone']),
  longest: duration.optional(),
})

const aReview = 4 * 3_600_000

/** Who may take a permission at once, on what, and for how long (docs/SECURITY.md rule 40): without all of these it is off. */
const breakGlassRule = z.strictObject({
  people: z.array(slackId).nonempty('must name who may'),
  permissions: z.array(z.enum(['read', 'write', 'admin'])).nonempty('must name at least one'),
  namespaces: z.array(namespaceGlob).nonempty('must name at least one'),
  channel: z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'must be the ID of a Slack channel'),
  approvers: z.array(slackId).default([]),
  longest: duration.prefault('1h').refine((length) => length <= aReview, 'must be 4h at most'),
})

// Whoever writes `true` or `false` means the same.
const mcpMode = z.union([z.enum(['off', 'read', 'on']), z.boolean().transform((on) => (on ? 'on' : 'off'))])

/** What Slackbot may do for people through the tools of /mcp/slack: nothing, read, or also prepare changes; with only these commands. */
function mcpSchema(check: CheckCommand) {
  const whole = z
    .strictObject({ allow: mcpMode, commands: z.array(commandName(check, 'any')).nonempty('must name at least one').optional() })
    .transform(({ allow, commands }) => ({ allow, commands }))
  return z.union(
    [mcpMode.transform((allow) => ({ allow, commands: undefined })), whole],
    'must be off, read or on, or have allow and commands',
  )
}

const fallback = z.strictObject(asking).transform((rest) => ({ name: 'default', ...rest }))

function policySchema(check: CheckCommand) {
  return z
    .strictObject({
      identity: z
        .strictObject({
          /** Slack person → Quay account. It takes precedence over e-mail, and is the only way to be linked to a superuser. */
          map: z.record(slackPerson, exactName).default({}),
          email: z.union([z.boolean(), z.literal('unverified')]).default(true),
          /** Mail domains of one company: an address counts as the same in all domains of a list. */
          domains: z
            .array(z.array(mailDomain).min(2, 'must name at least two domains'))
            .refine((groups) => new Set(groups.flat()).size === groups.flat().length, 'names a domain twice')
            .optional(),
        })
        .prefault({}),
      /** Slack people and user groups who may run superuser commands, in addition to Quay's own flag; absent: the flag decides. */
      superusers: z.array(slackId).optional(),
      /** Namespaces that no command may touch, with everything inside: at least the owner of the bot's OAuth application (docs/SECURITY.md rule 8). */
      protected: z.array(exactName).default([]),
      /** The channel in which people without an account ask to be linked. */
      operators: z
        .string()
        .regex(/^[CG][A-Z0-9]{2,}$/, 'must be the ID of a Slack channel')
        .optional(),
      /** The level of the log, instead of LOG_LEVEL. */
      log: z.enum(levels, 'must be a level of pino').optional(),
      archives: z.strictObject({ hosts: z.array(z.string()).default([]) }).prefault({}),
      default: z.enum(['run', 'ask', 'refuse']).default('run'),
      /** Maximum number of Quay notifications for one subscription to `acme/*`; absent: 500. */
      subscriptions: z.strictObject({ ceiling: z.int().positive() }).optional(),
      /** What must end by itself, and how long anything temporary may last in one go. */
      temporary: z.strictObject({ required: z.array(temporaryRule).default([]), longest: duration.optional() }).prefault({}),
      'break-glass': z.array(breakGlassRule).default([]),
      /** Off unless it says otherwise: whether Slackbot reaches the bot at all. */
      mcp: mcpSchema(check).prefault('off'),
      /** Settings for requests under `default: ask`. */
      fallback: fallback.optional(),
      /** The first rule that matches decides. */
      approvals: z
        .array(ruleSchema(check))
        .default([])
        .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'two rules have the same name'),
    })
    .refine(({ default: otherwise, fallback }) => otherwise !== 'ask' || fallback !== undefined, {
      error: '`default: ask` also needs a fallback',
      path: ['fallback'],
    })
}

const anyCommand: CheckCommand = () => undefined

export type Policy = z.output<ReturnType<typeof policySchema>>
export type PolicyFile = z.input<ReturnType<typeof policySchema>>
/** A rule, or the fallback, which has no conditions. Requests keep a snapshot of theirs. */
export type Rule = z.output<ReturnType<typeof ruleSchema>>
export type McpRule = Policy['mcp']
export type BreakGlassRule = z.output<typeof breakGlassRule>
export type Approver = Rule['approvers'][number]

/** The position of a path in the file: `policy.yml:12`. */
export type Where = (path: PropertyKey[]) => string

/** Reads the policy of a file, or returns all its problems, one line each. Without a file everybody acts with their own permissions. */
export function readPolicy(
  file: string | undefined,
  check: CheckCommand = anyCommand,
): (PolicyRead & { text?: string }) | { problems: string[] } {
  if (file === undefined) return { policy: policyOf({}) }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return {
      problems: [`${file}: cannot be read (${error instanceof Error && 'code' in error ? error.code : 'unknown'}). Check POLICY_FILE.`],
    }
  }
  const read = parsePolicy(file, text, check)
  return 'policy' in read ? { ...read, text } : read
}

export interface PolicyRead {
  policy: Policy
  where?: Where
}

/** Reads the policy of a file's text, or returns all its problems, one line each. */
export function parsePolicy(file: string, text: string, check: CheckCommand = anyCommand): PolicyRead | { problems: string[] } {
  const yaml = readYaml(file, text)
  if ('problems' in yaml) return yaml
  const { data, error } = policySchema(check).safeParse(yaml.value)
  return data
    ? { policy: data, where: whereIn(file, yaml.document, yaml.lines) }
    : { problems: problemsOf(file, yaml.document, yaml.lines, error.issues) }
}

/** A policy written in code, such as the sandbox's: throws where a file's problems would be listed. */
export function policyOf(written: PolicyFile): Policy {
  return policySchema(anyCommand).parse(written)
}

/** Puts another policy in the place of this one, for everybody who holds it. */
export function replacePolicy(policy: Policy, next: Policy): void {
  for (const key of Object.keys(policy)) delete policy[key as keyof Policy] // its own keys
  Object.assign(policy, next)
}
