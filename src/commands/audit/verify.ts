import { z } from 'zod'
import { operation } from '../../command/command.ts'
import { Failure } from '../../core/failure.ts'
import { verifyAudit } from '../../security/audit-log.ts'
import { code, drawn, message, note } from '../../slack/blocks.ts'

export default operation({
  summary: 'Check that nobody has changed the record',
  help: 'Heads of the record are written to the log every minute, as position:seal. Given here, they show also whether its end was cut off or all of it rewritten.',
  input: z.strictObject({
    heads: z
      .array(z.string().regex(/^\d+:\S+$/, 'must look like position:seal, as the log has it'))
      .default([])
      .describe('Heads from the log, as position:seal'),
  }),
  examples: ['audit verify'],
  needs: 'superuser',
  private: true,
  run: async ({ bot, input: { heads } }) => {
    const { sealed, unsealed, head, broken } = await verifyAudit(bot, heads.map(headOf))
    return { sealed, unsealed, head: head ? `${head.position}:${head.seal}` : null, broken: broken ?? null }
  },
  view: ({ sealed, unsealed, head, broken }, t) =>
    message(
      broken
        ? t('The record was changed: {why}', { why: drawn(t(broken.why.message, broken.why.values)) })
        : t(
            '{sealed, plural, =0 {Nothing is sealed yet.} one {# row is sealed, and it is as it was written.} other {All # sealed rows are as they were written.}} {unsealed, plural, =0 {None waits} one {# waits} other {# wait}} to be sealed.',
            { sealed, unsealed },
          ),
      ...(head === null ? [] : [note(t('Head: {head}', { head: code(head) }))]),
    ),
})

function headOf(text: string) {
  const [position = '', ...seal] = text.split(':')
  if (!Number.isSafeInteger(Number(position))) throw new Failure('invalid', '{head} is not a head of the record.', { head: text })
  return { position: Number(position), seal: seal.join(':') }
}
