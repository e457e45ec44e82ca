import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { operations } from '../command/registry.ts'
import { secondsOf } from './durations.ts'
import { problemsOf, readYaml } from './policy-problems.ts'

const slackPerson = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'must be the id of a Slack person')
const slackId = z.string().regex(/^[UWS][A-Z0-9]{2,}$/, 'must be the id of a Slack person or user group')

/** `90m`, `4h`, `2d`, `1w`, as milliseconds. */
const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhdw]$/, 'must be a number of minutes, hours, days or weeks')
  .transform((text) => secondsOf(text) * 1000)

const effects = ['creates', 'makes-public', 'grants', 'destroys', 'overwrites', 'reveals', 'runs-code', 'changes-limits'] as const

const operationName = z.string().superRefine((name, context) => {
  // Nothing is loaded where only the shape is of interest.
  if (operations.size === 0) return
  const found = operations.get(name)
  if (!found) context.addIssue(`there is no command /quay ${name}`)
  else if (!found.changes) context.addIssue(`/quay ${name} only reads: there is nothing to approve`)
})

const regularExpression = z.string().refine((text) => {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}, 'is not a regular expression')

const value = z.union([z.string(), z.number(), z.boolean()])

/** How an operation is asked for, and who decides. */
const asking = {
  ask: z.enum(['without-right', 'always']).default('without-right'),
  requesters: z
    .array(z.union([z.literal('everyone'), slackId]))
    .nonempty()
    .default(['everyone']),
  channel: z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'must be the id of a Slack channel'),
  approvers: z.array(z.union([z.enum(['quay:namespace-admin', 'quay:superuser']), slackId])).nonempty('must name at least one'),
  needed: z.int().min(1).max(20).default(1),
  remind: z.array(duration).max(10).default([]),
  escalate: z.strictObject({ after: duration, to: z.array(slackId).nonempty() }).optional(),
  expires: duration.prefault('3d'),
  reason: z.strictObject({ required: z.boolean().default(false), pattern: regularExpression.optional() }).prefault({}),
}

export const ruleSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    operations: z.array(operationName).nonempty().optional(),
    effects: z.array(z.enum(effects)).nonempty().optional(),
    namespaces: z.array(z.string().min(1)).nonempty().optional(),
    when: z.record(z.string(), z.union([value, z.array(value).nonempty()])).optional(),
    ...asking,
  })
  .refine((rule) => (rule.operations === undefined) !== (rule.effects === undefined), {
    error: 'must have either operations or effects',
    path: ['operations'],
  })

const fallback = z.strictObject(asking).transform((rest) => ({ name: 'default', ...rest }))

const policy = z
  .strictObject({
    identity: z
      .strictObject({
        /** Slack person → Quay account. Wins over e-mail, and is the only way to a superuser. */
        map: z.record(slackPerson, z.string().min(1)).default({}),
        email: z.union([z.boolean(), z.literal('unverified')]).default(true),
      })
      .prefault({}),
    /** Slack people and user groups who may run superuser operations, on top of Quay's own flag; absent: the flag decides. */
    superusers: z.array(slackId).optional(),
    /** Namespaces no operation may touch: at least the one that owns the bot's OAuth application (security.md rule 8). */
    protected: z.array(z.string()).default([]),
    archives: z.strictObject({ hosts: z.array(z.string()).default([]) }).prefault({}),
    default: z.enum(['run', 'ask', 'refuse']).default('run'),
    /** How many notifications in Quay one subscription to `acme/*` may make; absent: 500. */
    subscriptions: z.strictObject({ ceiling: z.int().positive() }).optional(),
    /** How `default: ask` asks. */
    fallback: fallback.optional(),
    /** The first rule that matches decides. */
    approvals: z
      .array(ruleSchema)
      .default([])
      .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'two rules have the same name'),
  })
  .refine(({ default: otherwise, fallback }) => otherwise !== 'ask' || fallback !== undefined, {
    error: '`default: ask` needs to know whom to ask',
    path: ['fallback'],
  })

export type Policy = z.output<typeof policy>
export type PolicyFile = z.input<typeof policy>
/** A rule, or the fallback, which has no conditions. It is copied into the requests that it governs. */
export type Rule = z.output<typeof ruleSchema>
export type Approver = Rule['approvers'][number]

/** The policy of a file, or every problem with it at once, a line each. No file: everybody acts by their own rights. */
export function readPolicy(file: string | undefined): { policy: Policy } | { problems: string[] } {
  if (file === undefined) return { policy: policyOf({}) }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return {
      problems: [`${file}: cannot be read (${error instanceof Error && 'code' in error ? error.code : 'unknown'}). Check POLICY_FILE.`],
    }
  }
  const yaml = readYaml(file, text)
  if ('problems' in yaml) return yaml
  const { data, error } = policy.safeParse(yaml.value)
  return data ? { policy: data } : { problems: problemsOf(file, yaml.document, yaml.lines, error.issues) }
}

/** A policy that is written in code, as the sandbox's: it throws where a file's problems would be listed. */
export function policyOf(written: PolicyFile): Policy {
  return policy.parse(written)
}
