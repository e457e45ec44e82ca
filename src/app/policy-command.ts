import { parseArgs } from 'node:util'
import { commandProblem, policyWarnings } from '../approvals/policy-checks.ts'
import { rulingFor } from '../approvals/rules.ts'
import { type Terms, termsOf } from '../approvals/temporary.ts'
import type { Command } from '../command/command.ts'
import { findCommand, loadCommands } from '../command/registry.ts'
import { shortDuration } from '../core/durations.ts'
import { type Policy, type Rule, readPolicy } from '../core/policy.ts'
import { slash } from '../core/slash-command.ts'

const usage = `Shows what a policy would do, with the same engine as Quaymaster. Slack and Quay are not contacted.

  npm run policy -- test policy.yml
  npm run policy -- test policy.yml --command "repo create" --input '{"repository":"prod-x/y"}' --person U024BE7LH --groups S0PLATFORM

--groups: the user groups of the person. Exit code 1: the policy or the options have an error.`

interface Question {
  command?: string | undefined
  /** Its name in release 0.1.0. */
  operation?: string | undefined
  input?: string | undefined
  person?: string | undefined
  groups?: string | undefined
}

/** The output of `npm run policy`, and its exit code. */
export async function answerPolicy(words: string[]): Promise<{ text: string; code: 0 | 1 }> {
  try {
    const { positionals, values } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        command: { type: 'string' },
        operation: { type: 'string' },
        input: { type: 'string' },
        person: { type: 'string' },
        groups: { type: 'string' },
      },
    })
    const [verb, file] = positionals
    if (verb !== 'test' || file === undefined) return { text: usage, code: 1 }
    await loadCommands()
    const read = readPolicy(file, commandProblem)
    if ('problems' in read) return { text: read.problems.join('\n'), code: 1 }
    const warnings = policyWarnings(read.policy, read.where).map((warning) => `Warning: ${warning}`)
    const answer = (values.command ?? values.operation) === undefined ? ['The policy is valid.'] : await ask(read.policy, values)
    return { text: [...warnings, ...answer].join('\n'), code: 0 }
  } catch (error) {
    return { text: error instanceof Error ? error.message : String(error), code: 1 }
  }
}

async function ask(policy: Policy, { operation = '', command: name = operation, input = '{}', person = '', groups = '' }: Question) {
  const found = findCommand(name.split(' '))
  if (!found || found.words.length > 0) throw new Error(`Unknown command ${slash(name)}.`)
  const wanted = { name: found.name, command: found.command, input: inputOf(found.command, input) }
  const among = new Set([person, ...groups.split(',')])
  const isAmong = async (ids: string[]) => ids.some((id) => among.has(id))
  const answers = await Promise.all([true, false].map((may) => rulingFor(policy, wanted, { may, isAmong })))
  const [withRight = '', without = ''] = answers.map((ruling) => {
    const rule = ruling.rule ? ` (policy “${ruling.rule.name}”)` : ' (no rule matches)'
    if (ruling.verdict === 'run') return `runs${rule}`
    if (ruling.verdict === 'ask') return `needs approval${rule}: ${deciders(ruling.rule)}`
    return `is refused${rule}${ruling.stranger ? '; this person is not allowed to request it' : ''}`
  })
  const who = person || 'Anyone'
  const terms = await termsOf(policy, wanted, isAmong, Date.now())
  const answer = [
    ...(terms ? [lasting(terms)] : []),
    `${who}, with permission in Quay: ${withRight}.`,
    `${who}, without permission: ${without}.`,
  ]
  if (found.command.permissions !== 'superuser' || !policy.superusers || (await isAmong(policy.superusers))) return answer
  return [...answer, `This is a superuser command, and ${who} is not in the superusers of the policy: that counts as without permission.`]
}

/** How long it may last, and whether what is asked keeps to that. */
function lasting({ required, longest, endsAt }: Terms & { endsAt: number | undefined }) {
  const limit = longest === undefined ? 'no limit' : `${shortDuration(longest / 1000)} at most`
  const isLonger = endsAt !== undefined && longest !== undefined && endsAt - Date.now() > longest + 1_000
  const now = isLonger
    ? '. This request is longer, so it is refused'
    : endsAt === undefined && required
      ? '. This request has no end, so it is refused'
      : ''
  return required ? `It must be temporary: ${limit}${now}.` : `It can be temporary: ${limit}${now}.`
}

function deciders({ needed, approvers, channel, reason }: Rule) {
  const wanted = reason.required || reason.pattern ? `, with a reason${reason.pattern ? ` like ${reason.pattern}` : ''}` : ''
  return `${needed} of ${approvers.join(', ')} must approve in ${channel}${wanted}`
}

function inputOf({ input }: Command, json: string): Record<string, unknown> {
  const { data, error } = input.safeParse(parsed(json))
  if (data) return data
  throw new Error(error.issues.map(({ path, message }) => `--input ${path.join('.')}: ${message}`).join('\n'))
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new Error(`--input is not JSON. For example: --input '{"repository":"acme/web"}'`)
  }
}

if (import.meta.main) {
  const { text, code } = await answerPolicy(process.argv.slice(2))
  process.stdout.write(`${text}\n`)
  process.exitCode = code
}
