import { couldRun, isOffered } from '../command/offered.ts'
import { commands } from '../command/registry.ts'
import type { Bot } from '../context.ts'
import type { Person } from '../security/identity.ts'
import { listOften } from './recent-commands.ts'

const atMost = 5

// Defaults for a person without a command history; administrators do other things than developers.
const usual = ['repo create', 'build start', 'repo list', 'tag list', 'scan show']
const usualForSuperusers = ['user list', 'audit list', 'repo create', 'quota show', 'org create']

/** The commands for a person's buttons: their most frequent ones, filled up with usual ones. Each opens a modal. */
export async function oftenRun(bot: Bot, person: Person): Promise<string[]> {
  const names = [...(await listOften(bot, person)), ...(person.user?.superuser ? usualForSuperusers : []), ...usual]
  return [...new Set(names.filter((name) => opensModal(bot, person, name)))].slice(0, atMost)
}

/** Commands about a channel are typed there. */
function opensModal(bot: Bot, person: Person, name: string) {
  const command = commands.get(name)
  if (!command || /^(un)?subscri/.test(name)) return false
  const hasFields = command.permissions !== 'anyone' && Object.keys(command.input.shape).length > 0
  return hasFields && isOffered(bot, command) && couldRun(person, command)
}
