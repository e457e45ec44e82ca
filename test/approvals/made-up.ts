import type { Request, Vote } from '../../src/approvals/request.ts'
import type { Invocation } from '../../src/approvals/rules.ts'
import type { Story } from '../../src/approvals/story.ts'
import { commands } from '../../src/command/registry.ts'
import { type PolicyFile, policyOf, type Rule } from '../../src/core/policy.ts'
import type { Message } from '../../src/slack/blocks.ts'

// Rows and rules for tests of functions alone.

type Written = NonNullable<PolicyFile['approvals']>[number]

export const at = Date.parse('2026-11-29T10:00:00Z')
export const hour = 3_600_000

/** A rule as the policy's file has it, with defaults filled in. */
export function ruleOf(change: Partial<Written> = {}): Rule {
  const [rule] = policyOf({
    approvals: [{ name: 'one', operations: ['repo create'], channel: 'C0APPROVALS', approvers: ['U0DORA'], ...change }],
  }).approvals
  if (!rule) throw new Error('it is there')
  return rule
}

export function requestOf(change: Partial<Request> = {}): Request {
  return {
    id: 'abcdefghj',
    team: 'T0QUAY',
    requester: 'U0ALICE',
    name: 'alice',
    account: 'alice',
    operation: 'repo create',
    input: { repository: 'globex/web', visibility: 'private', description: '', admins: [], writers: [], readers: [] },
    sealed: null,
    reason: null,
    rule: ruleOf(),
    facts: null,
    revision: 'seen',
    about: { right: null },
    state: 'pending',
    note: null,
    reference: 'ref-1',
    attempt: 0,
    leaseUntil: null,
    mode: 'first',
    retryAt: null,
    result: null,
    steps: null,
    failure: null,
    found: null,
    secret: null,
    version: 1,
    drawn: 1,
    drawingUntil: null,
    drawAt: null,
    posting: false,
    cardTs: null,
    cardProblem: null,
    noticeChannel: null,
    noticeTs: null,
    reminded: 0,
    escalated: false,
    dueAt: new Date(at + 72 * hour),
    createdAt: new Date(at),
    decidedAt: null,
    expiresAt: new Date(at + 72 * hour),
    endedAt: null,
    ...change,
  }
}

export function voteOf(name: string, change: Partial<Vote> = {}): Vote {
  return {
    request: 'abcdefghj',
    account: name,
    person: `U0${name.toUpperCase()}`,
    name,
    decision: 'approved',
    entitled: true,
    reason: null,
    behalf: null,
    at: new Date(at),
    ...change,
  }
}

export function storyWith(change: Partial<Story> = {}): Story {
  return { votes: [], comments: [], followers: [], same: [], ...change }
}

/** What a message shows, a line for each block: buttons in brackets with their action and value. */
export function linesOf({ blocks }: Pick<Message, 'blocks'>): string[] {
  // The cast: blocks of every kind, as Slack reads them.
  return (blocks as never as Drawn[]).map(({ type, text, elements = [] }) => {
    if (type === 'actions') return elements.map(buttonText).join(' ')
    return `${type === 'section' ? '' : `${type}: `}${text?.text ?? (type === 'context' ? elements.map((one) => textOf(one.text)).join(' ') : JSON.stringify(elements))}`
  })
}

interface Drawn {
  type: string
  text?: { text: string }
  elements?: { text?: string | { text: string }; action_id?: string; value?: string; style?: string; confirm?: object }[]
}

function textOf(text: string | { text: string } | undefined) {
  return typeof text === 'string' ? text : (text?.text ?? '')
}

function buttonText({ text, action_id: action, value, style, confirm }: NonNullable<Drawn['elements']>[number]) {
  return `[${textOf(text)} ${action?.replace(/#\d+$/, '')}=${value}${style ? ` ${style}` : ''}${confirm ? ' confirmed' : ''}]`
}

/** The Slack id of alice, bea and the others. */
export const idOf = (name: string) => `U0${name.toUpperCase()}`

/** A command with its input as it is parsed; the commands have been loaded. */
export function invocationOf(name = 'repo create', input: object = { repository: 'globex/web' }): Invocation {
  const command = commands.get(name)
  if (!command) throw new Error(`there is no ${name}`)
  return { name, command, input: command.input.parse(input) }
}
