import { z } from 'zod'
import { noteText } from '../../approvals/fact-views.ts'
import { command } from '../../command/command.ts'
import { aDay } from '../../core/durations.ts'
import { escaped } from '../../core/markup.ts'
import { listAudit } from '../../security/audit-log.ts'
import { code, lines, mention, message, moment, rawMarkup } from '../../slack/blocks.ts'

const phases = ['started', 'finished', 'failed', 'refused', 'asked', 'decided', 'expired', 'withdrawn', 'called', 'revealed'] as const

export default command({
  summary: 'Show what was run, refused and decided through Quaymaster',
  input: z.strictObject({
    account: z.string().max(255).optional().meta({ of: 'user' }).describe('Only what this account did'),
    command: z.string().max(100).optional().describe('Only this command, such as "repo create"'),
    phase: z.enum(phases).optional().describe('Only rows of this kind'),
    reference: z.string().max(20).optional().describe('Only what belongs to this reference'),
    from: z.iso.date().optional().meta({ time: 'past' }).describe('From this day on'),
    to: z.iso.date().optional().meta({ time: 'past' }).describe('Up to and with this day'),
  }),
  examples: ['audit list', 'audit list account=alice phase=refused', 'audit list from=2026-01-01 to=2026-01-31'],
  aliases: ['audit show', 'log', 'logs', 'who did', 'record'],
  permissions: 'superuser',
  private: true,
  run: async ({ bot, input: { account, command, phase, reference, from, to }, page }) => {
    const until = to === undefined ? undefined : new Date(Date.parse(to) + aDay)
    const filters = { account, operation: command, phase, reference, from: from === undefined ? undefined : new Date(from), until }
    const { entries, next } = await listAudit(bot, { filters, page })
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
    message(
      t('{count, plural, =0 {The record holds nothing like this.} other {The record, the newest first:}}', { count: entries.length }),
      ...lines(
        entries.map(({ at, person, account, operation, phase, input, outcome, reference }) =>
          t('• {at} {person} ({account}) {operation} – {phase}{outcome, select, none {} other {: {outcome}}} {input} `{reference}`', {
            at: moment(at),
            person: mention(person),
            account: account ?? '–',
            operation: code(`${operation}`),
            phase: t.plain(phase),
            outcome: outcome ? rawMarkup(noteText(outcome, t, true)) : 'none',
            input: rawMarkup(escaped(Object.keys(input).length > 0 ? JSON.stringify(input).slice(0, 200) : '')),
            reference,
          }),
        ),
      ),
    ),
})
