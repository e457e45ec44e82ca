import { z } from 'zod'
import { command } from '../../command/command.ts'
import { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { slash } from '../../core/slash-command.ts'
import { keptHeads, verifyAudit } from '../../security/audit-log.ts'
import { code, message, note, rawMarkup } from '../../slack/blocks.ts'

// A minute or so of reading.
const entriesAtOnce = 200_000

export default command({
  summary: 'Verify the integrity of the audit log',
  help: 'Verification continues after the last verified entry. The latest hash is written to the log every minute, as position:seal, and to AUDIT_HEADS_FILE if set. Hashes from outside the database also reveal whether the end was cut off or everything was rewritten.',
  input: z.strictObject({
    heads: z
      .array(z.string().regex(/^\d+:\S+$/, 'Use the form position:seal, as shown in the log'))
      .default([])
      .meta({ title: 'Known hashes' })
      .describe('Hashes from the log, as position:seal'),
    all: z.boolean().default(false).meta({ title: 'Verify everything' }).describe('Verify all entries again, from the first one'),
  }),
  examples: ['audit verify', 'audit verify all=yes'],
  aliases: ['check audit', 'audit chain', 'chain', 'check chain', 'verify', 'integrity', 'check integrity', 'validate'],
  permissions: 'superuser',
  private: true,
  run: async ({ bot, input: { heads, all } }) => {
    const kept = await keptHeads(bot.config.AUDIT_HEADS_FILE)
    const given = [...heads.map(headOf), ...kept]
    const verdict = await verifyAudit(bot, { heads: given, ...(!all && { goOn: true, atMost: entriesAtOnce }) })
    const { head, broken } = verdict
    return { ...verdict, head: head ? `${head.position}:${head.seal}` : null, broken: broken ?? null, outside: given.length }
  },
  view: (verdict, t) => {
    const { sealed, unsealed, unknown, head, broken } = verdict
    const first = broken
      ? t(':rotating_light: The audit log was changed: {why}', { why: rawMarkup(t(broken.why.message, broken.why.values)) })
      : t(
          'Audit log {gaps, plural, =0 {intact} other {unchanged, but possibly incomplete}}: {intact, plural, one {# entry} other {# entries}} verified, {unsealed, number} pending.',
          { gaps: verdict.gaps.count, intact: sealed - unknown, unsealed },
        )
    return message(
      first,
      ...remarks(verdict, t).map((text) => note(text)),
      ...(head === null ? [] : [note(t('Latest hash: {head}', { head: code(head) }))]),
    )
  },
})

interface Remarked {
  sealed: number
  unknown: number
  relied: number
  removed: number
  more: boolean
  gaps: { count: number; spans: [first: number, last: number][] }
  outside: number
}

/** What the check does not cover. */
function remarks({ sealed, unknown, relied, removed, more, gaps, outside }: Remarked, t: Translate) {
  const spans = gaps.spans.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ')
  return [
    more ? t('Verified up to entry {sealed, number}. Run it again to continue.', { sealed }) : '',
    relied > 0
      ? t('Entries up to {relied, number} were verified earlier; {command} verifies them again.', {
          relied,
          command: code(slash('audit verify all=yes')),
        })
      : '',
    removed > 0 ? t('Entries up to {removed, number} were removed by AUDIT_KEEP_DAYS; signed stubs are in their place.', { removed }) : '',
    unknown > 0
      ? t(
          '{unknown, plural, one {# entry} other {# entries}} cannot be verified with this SECRETS_KEY: signed with another key, or by a later release.',
          { unknown },
        )
      : '',
    gaps.count > 0
      ? t(
          '{count, plural, one {# entry number has} other {# entry numbers have}} no entry ({spans}): deleted, or an action that was rolled back.',
          { count: gaps.count, spans },
        )
      : '',
    outside === 0
      ? t(
          'No hash from outside the database was compared (heads=, AUDIT_HEADS_FILE). Deleted entries at the end, or a log signed again with the key, cannot be detected.',
        )
      : '',
  ].filter(Boolean)
}

function headOf(text: string) {
  const [position = '', ...seal] = text.split(':')
  if (!Number.isSafeInteger(Number(position))) throw new Failure('invalid', '{head} is not a hash of the audit log.', { head: text })
  return { position: Number(position), seal: seal.join(':') }
}
