import { randomBytes } from 'node:crypto'
import { fieldsOf } from '../json.ts'
import { appId, botId, botUser, team } from '../people.ts'
import { refuse } from '../refusal.ts'
import type { Slack } from '../simulation.ts'
import { findUser } from '../workspace.ts'
import type { Method } from './method.ts'

export const appMethods: Record<string, Method> = {
  'api.test': {
    perMinute: 100,
    token: 'none',
    run: (_slack, given) => {
      if (given.error) throw refuse(String(given.error), { args: given })
      return { args: given }
    },
  },
  'auth.test': { perMinute: 600, run: whoami },
  'apps.connections.open': { perMinute: 50, token: 'app', run: openConnection },
  'bots.info': { scopes: ['users:read'], perMinute: 50, formOnly: true, run: (slack, { bot }) => ({ bot: botInfo(slack, bot) }) },
  'team.info': { scopes: ['team:read'], perMinute: 50, run: (slack, given) => ({ team: teamInfo(slack, given.team) }) },
}

function whoami({ workspace }: Slack) {
  const { name, domain } = ours(workspace.teams)
  return {
    url: `https://${domain}.slack.com/`,
    team: name,
    user: findUser(workspace, botUser)?.name,
    team_id: team,
    user_id: botUser,
    bot_id: botId,
    is_enterprise_install: false,
  }
}

function ours<T extends { id: string }>(all: T[]): T {
  const found = all.find(({ id }) => id === team)
  if (!found) throw refuse('team_not_found')
  return found
}

// The ticket opens one connection and expires soon (docs/slack.md §5).
function openConnection(slack: Slack) {
  const ticket = randomBytes(16).toString('hex')
  slack.tickets.push({ id: ticket, issued: slack.clock() })
  return { url: `${slack.origin().replace(/^http/, 'ws')}/slack-sim/link/?ticket=${ticket}&app_id=${appId}` }
}

function botInfo({ workspace }: Slack, id: unknown) {
  if (id !== botId) throw refuse('bot_not_found')
  return {
    id: botId,
    deleted: false,
    name: findUser(workspace, botUser)?.name,
    updated: 1_700_000_000,
    app_id: appId,
    user_id: botUser,
    icons: {},
  }
}

function teamInfo({ workspace }: Slack, id: unknown) {
  const wanted = id === undefined ? ours(workspace.teams) : workspace.teams.find((one) => one.id === id)
  if (!wanted) throw refuse('team_not_found')
  return { ...fieldsOf(wanted), email_domain: 'example.com', icon: { image_default: true } }
}
