/** A fact as it is compared and drawn: plain JSON. Null: there is none. */
export type Fact = string | number | boolean | null | Fact[] | { [name: string]: Fact }

/** What a fact is called on a card, and in what has changed. The keys of previews are here too. */
export const factLabels = {
  mark: 'The repository itself',
  visibility: 'Visibility',
  state: 'State',
  description: 'Description',
  image: 'Image it will point to',
  imageNow: 'Image it points to now',
  digest: 'Image behind the tag',
  tag: 'The tag',
  tags: 'Tags',
  immutable: 'Immutable',
  until: 'Expires',
  role: 'Role',
  roleNow: 'Role now',
  teamRole: 'Team role in the organization',
  members: 'Members',
  teams: 'Teams',
  group: 'Group',
  created: 'Created',
  robot: 'Robot account',
  robotCreated: 'Robot account created',
  archive: 'Build archive',
  dockerfile: 'Dockerfile',
  context: 'Context',
  phase: 'Phase',
  upstream: 'External registry',
  interval: 'Sync interval in seconds',
  enabled: 'Enabled',
  source: 'Source',
  service: 'Service',
  event: 'Event',
  method: 'Method',
  title: 'Title',
  failures: 'Failures',
  quota: 'Quota now',
  size: 'Size',
  superuser: 'Superuser',
  email: 'E-mail',
  permissions: 'Permissions',
  repositories: 'Repositories',
  policies: 'Policies',
  replaced: 'Replaced policy',
  names: 'Affected tags',
  lastPush: 'Last push',
  lastPull: 'Last pull',
  lastAccessed: 'Last use',
  trigger: 'Trigger',
  bytes: 'Quota now',
} as const

export type FactName = keyof typeof factLabels

/**
 * How a fact's value is drawn where it is not code: a moment, bytes, how many there are, or not at all, because only its being
 * the same counts or the preview draws it.
 */
export const factFormats: { [Name in FactName]?: 'moment' | 'bytes' | 'count' | 'same' } = {
  mark: 'same',
  tag: 'same',
  until: 'moment',
  members: 'count',
  created: 'moment',
  robotCreated: 'moment',
  archive: 'same',
  quota: 'bytes',
  size: 'bytes',
  permissions: 'same',
  repositories: 'same',
  policies: 'same',
  replaced: 'same',
  names: 'same',
  lastPush: 'moment',
  lastPull: 'same',
  lastAccessed: 'moment',
  trigger: 'same',
  bytes: 'bytes',
}

/** Facts by their names. */
export type Facts = Partial<Record<FactName, Fact | undefined>>
