import { z } from 'zod'
import { noteText } from '../../approvals/fact-views.ts'
import { command } from '../../command/command.ts'
import { aDay } from '../../core/durations.ts'
import { entryOf } from '../../core/foreign-text.ts'
import { escaped } from '../../core/markup.ts'
import { listAudit } from '../../security/audit-log.ts'
import { listMessage, withoutMarkup } from '../../slack/lists/list.ts'
import { asCode, asMoment, asPerson, asText } from '../../slack/lists/values.ts'

// What a row calls each phase; the modal offers the same words.
const words: Record<string, string> = {
  started: 'started',
  finished: 'finished',
  failed: 'failed',
  refused: 'refused',
  asked: 'requested',
  decided: 'approved or denied',
  commented: 'commented',
  expired: 'expired',
  withdrawn: 'withdrawn',
  called: 'called Quay',
  revealed: 'revealed',
  tool: 'called by Slackbot',
}

const phases = [
  'started',
  'finished',
  'failed',
  'refused',
  'asked',
  'decided',
  'commented',
  'expired',
  'withdrawn',
  'called',
  'revealed',
  'tool',
] as const

// Its rows are wide.
const widest = 40

export default command({
  summary: 'Show the audit log',
  input: z.strictObject({
    account: z.string().max(255).optional().meta({ title: 'User', of: 'user' }).describe('Only entries of this user'),
    command: z.string().max(100).optional().meta({ title: 'Command' }).describe('Only this command, such as "repo create"'),
    phase: z.enum(phases).optional().meta({ title: 'Kind', labels: words }).describe('Only entries of this kind'),
    reference: z.string().max(20).optional().meta({ title: 'Reference' }).describe('Only entries with this reference'),
    from: z.iso.date().optional().meta({ title: 'From', time: 'past' }).describe('From this day on'),
    to: z.iso.date().optional().meta({ title: 'Through', time: 'past' }).describe('Through this day'),
  }),
  examples: ['audit list', 'audit list account=alice phase=refused', 'audit list from=2026-01-01 to=2026-01-31'],
  aliases: ['audit show', 'log', 'logs', 'who did', 'what did', 'record'],
  permissions: 'superuser',
  private: true,
  run: async ({ bot, input: { account, command, phase, reference, from, to }, page, rows: most = 20 }) => {
    const until = to === undefined ? undefined : new Date(Date.parse(to) + aDay)
    const filters = { account, operation: command, phase, reference, from: from === undefined ? undefined : new Date(from), until }
    const { entries, next } = await listAudit(bot, { filters, page, limit: Math.min(most, widest) })
    const rows = entries.map(({ id, at, person, account, operation, phase, input, outcome, reference }) => ({
      id,
      at: at.getTime(),
      person,
      account,
      operation,
      phase,
      input,
      outcome,
      reference,
    }))
    return { entries: rows, next }
  },
  view: ({ entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {No matching entries in the audit log.} other {Audit log (newest first)}}', {
          count: entries.length,
        }),
        rows: entries,
        columns: [
          { name: 'at', title: t.plain('When (UTC)'), value: ({ at }) => asMoment(at) },
          { name: 'person', title: t.plain('Person'), value: ({ person }) => asPerson(person) },
          { name: 'user', title: t.plain('User'), value: ({ account }) => asText(account), said: (account) => `(${account.markup})` },
          { name: 'command', title: t.plain('Command'), value: ({ operation }) => asCode(operation) },
          { name: 'kind', title: t.plain('Kind'), value: ({ phase }) => asText(t.plain(entryOf(words, phase) ?? phase)) },
          {
            name: 'outcome',
            title: t.plain('Outcome'),
            value: ({ outcome }) => asText(outcome ? withoutMarkup(noteText(outcome, t, true)) : undefined),
            said: (_, { outcome }) => (outcome ? noteText(outcome, t, true) : ''),
          },
          {
            name: 'input',
            title: t.plain('Input'),
            value: ({ input }) => asText(inputText(input) || undefined),
            said: (_, { input }) => escaped(inputText(input)),
          },
          { name: 'reference', title: t.plain('Reference'), value: ({ reference }) => asCode(reference) },
        ],
      },
      t,
    ),
})

/** The input as it is typed: `repository=acme/web visibility=public`. */
function inputText(input: Record<string, unknown>) {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  const parts = Object.entries(input).map(([name, value]) => `${name}=${[value].flat().map(text).join(',')}`)
  return parts.join(' ').slice(0, 200)
}
