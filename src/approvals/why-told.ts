import type { Bot } from '../context.ts'
import type { Sentence } from '../core/i18n.ts'
import { isAmong } from '../slack/users.ts'
import type { Eligibility } from './approvers.ts'
import type { Request } from './request.ts'

/** Why a request came to somebody who can decide it: by name, by group, by what they are in Quay, or for somebody who is away. */
export async function whyTold(bot: Bot, { rule, about }: Request, { person, behalf }: Eligibility): Promise<Sentence> {
  const { name, approvers } = rule
  if (behalf) return { message: 'You got this because {approver} delegated their approvals to you.', values: { approver: behalf.name } }
  if (approvers.some((one) => one === person.id || one === person.one))
    return { message: 'You got this because the policy “{rule}” names you as an approver.', values: { rule: name } }
  for (const group of approvers.filter((one) => one.startsWith('S'))) {
    if (!(await isAmong(bot.slack, person.id, [group]))) continue
    const called = about.names?.[group] ?? group
    return {
      message: 'You got this because you are in {group}, which can approve by the policy “{rule}”.',
      values: { group: called, rule: name },
    }
  }
  const isAdmin = approvers.includes('quay:namespace-admin') && (about.admins ?? []).includes(person.account)
  return isAdmin
    ? { message: 'You got this because you are an admin of the namespace.', values: {} }
    : { message: 'You got this because you are a Quay superuser.', values: {} }
}
