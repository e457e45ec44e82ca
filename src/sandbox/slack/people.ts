/** A Slack user object, as users.info returns it (doc-examples/users.info.json, object.user.json). */
export interface User {
  id: string
  team_id: string
  name: string
  deleted: boolean
  color: string
  real_name: string
  tz: string
  tz_label: string
  tz_offset: number
  profile: Profile
  is_admin: boolean
  is_owner: boolean
  is_primary_owner: boolean
  is_restricted: boolean
  is_ultra_restricted: boolean
  is_bot: boolean
  is_app_user: boolean
  is_stranger?: boolean
  is_invited_user?: boolean
  is_email_confirmed?: boolean
  /** For a member of an Enterprise Grid: `id` (W…) is the id in the whole grid, besides the one (U…) in each workspace. */
  enterprise_user?: { id: string; enterprise_id: string; enterprise_name: string; is_admin: boolean; is_owner: boolean; teams: string[] }
  locale: string
  updated: number
}

interface Profile {
  real_name: string
  real_name_normalized: string
  display_name: string
  display_name_normalized: string
  first_name: string
  last_name: string
  title: string
  status_text: string
  status_emoji: string
  avatar_hash: string
  image_72: string
  email?: string
  team: string
  bot_id?: string
  api_app_id?: string
}

export const team = 'T0QUAY'
export const otherTeam = 'T0OTHER'
export const botUser = 'U0QUAYBOT'
export const botId = 'B0QUAYBOT'
export const appId = 'A0QUAY'

const avatars = 'https://avatars.example.com'

function user(id: string, name: string, real_name: string, about: { title?: string; color: string }): User {
  const [first_name = '', last_name = ''] = real_name.split(' ')
  return {
    id,
    team_id: team,
    name,
    deleted: false,
    color: about.color,
    real_name,
    tz: 'Europe/Berlin',
    tz_label: 'Central European Summer Time',
    tz_offset: 7200,
    profile: {
      real_name,
      real_name_normalized: real_name,
      display_name: name,
      display_name_normalized: name,
      first_name,
      last_name,
      title: about.title ?? '',
      status_text: '',
      status_emoji: '',
      avatar_hash: id.toLowerCase(),
      image_72: `${avatars}/${name}_72.png`,
      email: `${name}@example.com`,
      team,
    },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: false,
    is_app_user: false,
    is_email_confirmed: true,
    locale: 'en-US',
    updated: 1_700_000_000,
  }
}

export const slackbot = 'USLACKBOT'

/** Whether a user is a person. Slackbot's `is_bot` is false (docs/slack.md §8). */
export function isPerson({ id, is_bot }: User) {
  return !is_bot && id !== slackbot
}

/** The seven people of the sandbox, the bot, and Slackbot. */
export function seedUsers(): User[] {
  const frank = user('U0FRANK', 'frank', 'Frank Osei', { title: 'Contractor at Globex', color: '5a4592' })
  const bot = user(botUser, 'quaymaster', 'Quaymaster', { color: '235f66' })
  const { email: _none, ...botProfile } = bot.profile
  return [
    user('U0ALICE', 'alice', 'Alice Lindqvist', { title: 'Developer', color: '9f69e7' }),
    user('U0BEA', 'bea', 'Bea Okafor', { title: 'Platform engineer', color: '4bbe2e' }),
    user('U0CARL', 'carl', 'Carl Moreau', { title: 'Release manager', color: 'e7392d' }),
    { ...user('U0DORA', 'dora', 'Dora Haddad', { title: 'Registry operator', color: '3c989f' }), is_admin: true },
    { ...user('U0EVE', 'eve', 'Eve Sandoval', { title: 'Guest', color: 'd58247' }), is_restricted: true },
    { ...frank, team_id: otherTeam, is_stranger: false, profile: { ...frank.profile, team: otherTeam } },
    user('U0GRACE', 'grace', 'Grace Nakamura', { title: 'Designer', color: 'bd9336' }),
    user(slackbot, 'slackbot', 'Slackbot', { color: '757575' }),
    {
      ...bot,
      is_bot: true,
      is_app_user: false,
      profile: { ...botProfile, bot_id: botId, api_app_id: appId },
    },
  ]
}
