import { eq } from 'drizzle-orm'
import type { Run } from '../../command/command.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { matchesGlob } from '../../core/pattern.ts'
import type { BreakGlassRule } from '../../core/policy.ts'
import { accessGrants } from '../../db/schema.ts'
import { enqueueNotice } from '../../notifications/cards.ts'
import { namespaceOf } from '../../quay/names.ts'
import { setPermission } from '../../quay/permissions.ts'
import { readRepository } from '../../quay/repositories.ts'
import { code, mention, message, moment, note, quoted, rawMarkup } from '../../slack/blocks.ts'
import { postKeyed } from '../../slack/post-key.ts'
import { isAmong } from '../../slack/users.ts'
import { unreviewed } from './ask-for-review.ts'
import { type GivenForAWhile, giveForAWhile } from './give.ts'

type AnyRun = Run<{ repository: string; role: 'read' | 'write' | 'admin' }>

/**
 * Takes a permission for oneself, at once and for a short while, where a rule of the policy names the person, the permission and the
 * namespace (docs/SECURITY.md rule 40). It is announced first: where that cannot be posted, nothing is given. Throws `denied`;
 * `conflict` while an earlier one waits for its review; `unavailable` when it could not be announced.
 */
export async function breakGlass(run: AnyRun): Promise<GivenForAWhile> {
  const { bot, quay, person, input, reason = '', reference = '' } = run
  const { repository, role } = input
  const rule = await ruleFor(bot, run)
  const { account } = person
  if (!rule) throw new Failure('denied', 'The policy does not allow you to take *{role}* on {object}.', { role, object: repository })
  if (account === undefined || !isMapped(bot, person))
    throw new Failure('denied', 'Only users linked under identity.map in the policy can do this.')
  if (reason.trim() === '') throw new Failure('invalid', 'Enter a reason: add {example}.', { example: 'reason="…"' })
  await readRepository(quay, repository)
  if (quay.dryRunCalls) {
    await setPermission(quay, repository, { kind: 'user', name: account, role })
    return { before: null, role, until: new Date(bot.clock() + rule.longest).toISOString(), id: '' }
  }
  const [open] = await bot.db.select().from(accessGrants).where(eq(accessGrants.unreviewed, account))
  if (open && open.reference !== reference) throw unreviewed()
  const endsAt = bot.clock() + rule.longest
  await announce(bot, run, rule, endsAt)
  const target = { kind: 'repository' as const, object: repository, grantee: account }
  const wanted = { target, role, endsAt, breakGlass: { channel: rule.channel, reason: reason.trim() } }
  return giveForAWhile(run, wanted).catch(async (error: unknown) => {
    if (error instanceof Failure && error.code !== 'unavailable') await withdraw(bot, run, rule)
    throw error
  })
}

async function ruleFor({ policy, slack }: Bot, { person, input: { repository, role } }: AnyRun): Promise<BreakGlassRule | undefined> {
  const namespace = namespaceOf(repository).toLowerCase()
  for (const rule of policy['break-glass']) {
    const globs = rule.namespaces.map((glob) => glob.toLowerCase())
    if (rule.permissions.includes(role) && matchesGlob(globs, namespace) && (await isAmong(slack, person.id, rule.people))) return rule
  }
  return undefined
}

function isMapped({ policy }: Bot, { id, one, account }: AnyRun['person']) {
  return Object.entries(policy.identity.map).some(([slackId, mapped]) => mapped === account && (slackId === id || slackId === one))
}

/** In the channel, before anything is given. */
async function announce(
  bot: Bot,
  { person, input: { repository, role }, reason = '', reference }: AnyRun,
  rule: BreakGlassRule,
  endsAt: number,
) {
  const t = translator(bot.config.LANGUAGE)
  const text = t('*Break-glass*: {person} takes *{role}* on {object} until {until}.', {
    ...{ person: mention(person.id), role, object: code(repository), until: moment(endsAt) },
  })
  const approvers = rule.approvers.map((id) => mention(id).markup).join(' ')
  const told = approvers ? [note(t('{approvers}: please review this.', { approvers: rawMarkup(approvers) }))] : []
  const posted = await postKeyed(bot, {
    key: `break-glass ${reference}`,
    channel: rule.channel,
    message: message(text, quoted(reason), ...told),
  })
  if (posted.became !== 'posted')
    throw new Failure(
      'unavailable',
      'No access was granted, because this could not be announced in the policy’s channel. If it happens again, ask an operator to invite Quaymaster there.',
    )
}

/** What was announced and then refused did not happen. */
async function withdraw(bot: Bot, { person, input, reference }: AnyRun, rule: BreakGlassRule) {
  const values = { person: person.name, role: input.role, object: input.repository }
  const sentence = { message: '{person} did not get *{role}* on {object}: Quaymaster or Quay refused it. Nothing has changed.', values }
  await bot.db.transaction((tx) => enqueueNotice(bot, tx, rule.channel, `break-glass refused ${reference ?? ''}`, sentence))
}
