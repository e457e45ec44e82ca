/** A fact as it is compared and drawn: plain JSON. Null: there is none. */
export type Fact = string | number | boolean | null | Fact[] | { [name: string]: Fact }

/**
 * What a fact is called on a card, and how its value is drawn: a digest or name as code, a moment, bytes, words of ours (`words`),
 * or not at all, where only its being the same counts. The keys of previews that are not here have a drawing of their own.
 */
export const factNames = {
  mark: { label: 'The repository itself', as: 'same' },
  visibility: { label: 'Visibility', as: 'words' },
  state: { label: 'State', as: 'words' },
  description: { label: 'Description', as: 'code' },
  image: { label: 'The image it will stand for', as: 'code' },
  imageNow: { label: 'The image it stands for now', as: 'code' },
  digest: { label: 'The image behind the tag', as: 'code' },
  tag: { label: 'The tag', as: 'same' },
  tags: { label: 'Tags', as: 'code' },
  immutable: { label: 'Immutable', as: 'words' },
  until: { label: 'It ends', as: 'moment' },
  role: { label: 'Role', as: 'words' },
  roleNow: { label: 'The role it has now', as: 'words' },
  teamRole: { label: 'Role of the team in the organization', as: 'words' },
  members: { label: 'Members', as: 'count' },
  teams: { label: 'Teams', as: 'code' },
  group: { label: 'Group', as: 'code' },
  created: { label: 'Created', as: 'moment' },
  robot: { label: 'Robot account', as: 'code' },
  robotCreated: { label: 'The robot account was created', as: 'moment' },
  archive: { label: 'The archive', as: 'same' },
  dockerfile: { label: 'Dockerfile', as: 'code' },
  context: { label: 'Context', as: 'code' },
  phase: { label: 'Phase', as: 'words' },
  upstream: { label: 'The other registry', as: 'code' },
  interval: { label: 'Interval in seconds', as: 'words' },
  enabled: { label: 'Switched on', as: 'words' },
  source: { label: 'Source', as: 'code' },
  service: { label: 'Service', as: 'code' },
  event: { label: 'Event', as: 'code' },
  method: { label: 'Method', as: 'words' },
  title: { label: 'Title', as: 'code' },
  failures: { label: 'Failures', as: 'words' },
  quota: { label: 'Quota now', as: 'bytes' },
  size: { label: 'Size', as: 'bytes' },
  superuser: { label: 'Superuser', as: 'words' },
  email: { label: 'E-mail', as: 'code' },
  permissions: { label: 'Permissions', as: 'same' },
  repositories: { label: 'Repositories', as: 'same' },
  policies: { label: 'Policies', as: 'same' },
  replaced: { label: 'What it replaces', as: 'same' },
  names: { label: 'Tags', as: 'same' },
  lastPush: { label: 'Last push', as: 'moment' },
  lastPull: { label: 'Last pull', as: 'same' },
  lastAccessed: { label: 'Last use', as: 'moment' },
  trigger: { label: 'Trigger', as: 'same' },
  bytes: { label: 'Quota now', as: 'bytes' },
} as const satisfies Record<string, { label: string; as: 'code' | 'words' | 'moment' | 'bytes' | 'count' | 'same' }>

export type FactName = keyof typeof factNames

/** Facts by their names. */
export type Facts = Partial<Record<FactName, Fact | undefined>>
