import { distance } from 'fastest-levenshtein'
import type { Bot } from '../bot.ts'
import type { About } from '../db/schema.ts'
import { fieldsOf } from '../fields.ts'
import { namespaceOf, withoutNamespace } from '../quay/names.ts'
import { listRepositories } from '../quay/repositories.ts'
import { findSlackUser } from '../slack/people.ts'
import type { Asked } from './ask.ts'

const shownAtMost = 5

/** What else the approvers see. It is a courtesy: the request is made without it when Slack or Quay do not tell. */
export async function aboutFor(bot: Bot, asked: Asked): Promise<About> {
  const [names, similar] = await Promise.all([namesOf(bot, asked), similarNames(bot, asked).catch(() => [])])
  return { right: asked.lacks ?? null, names, ...(similar.length > 0 && { similar }) }
}

async function namesOf({ slack }: Bot, { rule }: Asked): Promise<Record<string, string>> {
  const people = rule.approvers.filter((one) => /^[UW]/.test(one))
  const found = await Promise.all(people.map(async (id) => [id, await nameOf(findSlackUser(slack, id), id)] as const))
  if (!rule.approvers.some((one) => one.startsWith('S'))) return Object.fromEntries(found)
  const { usergroups = [] } = await slack.directory.usergroups.list().catch(() => ({ usergroups: [] }))
  const groups = usergroups.flatMap(({ id, handle }) => (id && handle ? [[id, handle] as const] : []))
  return Object.fromEntries([...found, ...groups.filter(([id]) => rule.approvers.includes(id))])
}

async function nameOf(asked: Promise<{ name: string }>, id: string) {
  return asked.then(
    ({ name }) => name,
    () => id,
  )
}

/** Only public ones: not everybody in the channel may know of the others (security.md rule 22). */
async function similarNames({ quay }: Bot, { operation, input }: Asked): Promise<string[]> {
  const field = fieldsOf(operation).find(({ of }) => of === 'new-repository')
  const wanted = String(input[field?.name ?? ''] ?? '')
  if (!wanted) return []
  const { repositories } = await listRepositories(quay, namespaceOf(wanted))
  const word = withoutNamespace(wanted)
  const isNear = (name: string) => name.includes(word) || word.includes(name) || distance(name, word) <= 2
  return repositories
    .flatMap(({ name, visibility }) => (visibility === 'public' && isNear(withoutNamespace(name)) ? [name] : []))
    .slice(0, shownAtMost)
}
