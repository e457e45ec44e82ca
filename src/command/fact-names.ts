/** The value of a fact, as plain JSON that can be compared and rendered. `null` means that there is none. */
export type Fact = string | number | boolean | null | Fact[] | { [name: string]: Fact }

/** Labels of facts, on a card and in the list of changed facts. The keys of previews are included. */
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
  length: 'Duration',
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
 * How the value of a fact is rendered if not as code: a moment, bytes, a count; or `same`: it is compared but not rendered,
 * because the preview shows it.
 */
export const factFormats: { [Name in FactName]?: 'moment' | 'bytes' | 'count' | 'same' } = {
  mark: 'same',
  tag: 'same',
  until: 'moment',
  length: 'same',
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

/** Facts by name. */
export type Facts = Partial<Record<FactName, Fact | undefined>>
