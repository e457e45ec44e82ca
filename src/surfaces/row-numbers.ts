import type { Given } from '../command/arguments.ts'
import type { Command } from '../command/command.ts'
import { fieldsOf } from '../command/fields.ts'
import { rowOf } from '../command/whole-ids.ts'
import type { Bot } from '../context.ts'
import { fieldProblem } from '../core/field-problem.ts'
import { slash } from '../core/slash-command.ts'
import { teamOf } from '../slack/clients.ts'
import { lastListed } from './reply-store.ts'

/**
 * The input with the id of `#2`, the second row of the list that the person was shown last, and with the repository of that list if
 * none was typed. Invalid: there was no such list, of another repository, or with fewer rows.
 */
export async function withRows(bot: Bot, user: string, command: Command, given: Given): Promise<Given> {
  const [field] = fieldsOf(command).filter(({ id, name }) => id !== undefined && rowOf(given[name]) !== undefined)
  if (!field) return withListedRepository(bot, user, command, given)
  const operation = `${field.id} list`
  const shown = await lastListed(bot, { id: user, team: teamOf(bot.slack) }, operation)
  const { repository } = shown?.input ?? {}
  const isSame = given.repository === undefined || given.repository === repository
  const id = shown && isSame ? shown.ids[(rowOf(given[field.name]) ?? 0) - 1] : undefined
  if (id === undefined)
    throw fieldProblem(field.name, 'No list that you saw has a row {row}. Run {command} first.', {
      row: String(given[field.name]),
      command: slash(`${[operation, given.repository ?? ''].join(' ').trim()}`),
    })
  return { ...given, ...(repository !== undefined && { repository }), [field.name]: id }
}

/** The whole id of a build alone is of the repository whose builds the person was shown last, if it was among them. */
async function withListedRepository(bot: Bot, user: string, command: Command, given: Given): Promise<Given> {
  const field = fieldsOf(command).find(({ id }) => id === 'build')
  const build = field && given[field.name]
  if (typeof build !== 'string' || build.length < 36 || given.repository !== undefined) return given
  const shown = await lastListed(bot, { id: user, team: teamOf(bot.slack) }, 'build list')
  const { repository } = shown?.input ?? {}
  return shown?.ids.includes(build) && repository !== undefined ? { ...given, repository } : given
}
