import { botUser } from '../../../src/sandbox/slack/people.ts'
import { newChannel, type Workspace } from '../../../src/sandbox/slack/workspace.ts'
import { nameOf, people } from './registry.ts'

/** The Slack id of a person of the company. */
const slackIdOf = (number: number) => `U0P${String(number).padStart(5, '0')}`
export const channelIdOf = (number: number) => `C0C${String(number).padStart(5, '0')}`

const channels = 500

/** Adds the company's people and 500 channels, in which the bot is, to a seeded workspace. */
export function fillWorkspace(workspace: Workspace): void {
  const [model] = workspace.users
  if (!model) throw new Error('the workspace has nobody')
  for (let number = 0; number < people; number += 1) {
    const name = nameOf(number)
    const user = structuredClone(model)
    Object.assign(user, { id: slackIdOf(number), name, real_name: `Person ${number}` })
    Object.assign(user.profile, { real_name: user.real_name, display_name: name, email: `${name}@example.com` })
    workspace.users.push(user)
  }
  for (let number = 0; number < channels; number += 1)
    workspace.channels.push(newChannel(channelIdOf(number), `team-${number}`, '', ['U0BEA', slackIdOf(number), botUser]))
}
