import { botUser, otherTeam, seedUsers, team } from './people.ts'
import { type Channel, newChannel, type Workspace } from './workspace.ts'

const insiders = ['U0ALICE', 'U0BEA', 'U0CARL', 'U0DORA', 'U0GRACE']

function seedChannels(): Channel[] {
  const general = newChannel('C0GENERAL', 'general', 'Everything that concerns everybody.', [...insiders, 'U0EVE', 'U0FRANK', botUser])
  return [
    { ...general, is_general: true, is_ext_shared: true },
    newChannel('C0ACMEDEV', 'acme-dev', 'Development at Acme.', [...insiders, botUser]),
    newChannel('C0APPROVALS', 'quay-approvals', 'Requests that need approval.', [...insiders, botUser]),
    newChannel('C0RANDOM', 'random', 'Nothing important; the bot is not here.', [...insiders]),
  ]
}

const platform = {
  id: 'S0PLATFORM',
  handle: 'platform',
  name: 'Platform',
  description: 'Who runs the registry',
  users: ['U0DORA'],
  date_create: 1_700_000_000,
  date_update: 1_700_000_000,
  date_delete: 0,
}

/** The initial workspace. */
export function seedWorkspace(scopes: string[], rateLimits: boolean): Workspace {
  return {
    teams: [
      { id: team, name: 'Quaymaster Sandbox', domain: 'quaymaster-sandbox' },
      { id: otherTeam, name: 'Globex', domain: 'globex' },
    ],
    users: seedUsers(),
    channels: seedChannels(),
    messages: [],
    views: [],
    homes: [],
    usergroups: [structuredClone(platform)],
    files: [],
    scopes: [...scopes],
    rateLimits,
    ackDeadline: 3000,
    cumulativeText: 12_000,
    scheduled: [],
  }
}
