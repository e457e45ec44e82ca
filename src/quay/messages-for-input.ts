/** Quay's own words, and what a person is told instead: what it means here, and what to do next. Named groups are its values. */
export interface Saying {
  words: RegExp
  message: string
}

// Refusals of what was asked for: a value, a name that is taken or unknown, something that is not set up. The last is a validator's,
// whose words help nobody (recorded one by one: test/quay/refusal.test.ts).
export const inputSayings: Saying[] = [
  { words: /^Invalid Archive URL/, message: 'Quay accepts archives only from a URL that begins with http or https.' },
  {
    words: /^File \S+ could not be found or is invalid$/,
    message: 'Quay no longer has the file of this build. Start a new one from an archive with {slash} build start.',
  },
  { words: /^Unable to locate a build by id/, message: 'Quay has no such build. See {slash} build list.' },
  {
    words: /^Cannot create a user in a non-database auth system$/,
    message: 'Users of this registry come from a directory. Create the user there.',
  },
  {
    words: /^Cannot change (?:e-mail|password) in non-database auth$/,
    message: 'Users of this registry come from a directory. Change it there.',
  },
  {
    words: /^Cannot (?:delete|update) a superuser$/,
    message: 'Quay can’t change or delete superusers. An operator must first remove the user from SUPER_USERS in Quay’s configuration.',
  },
  { words: /^Cannot take ownership of a superuser$/, message: 'This is a superuser’s own namespace, not an organization.' },
  {
    words: /^Invalid email address: (?<email>\S+)$|^Invalid email address$|^Invalid callback e-mail$/,
    message: 'Quay does not accept this e-mail address. Check the spelling.',
  },
  {
    words: /^Incorrect DateTime format for sync_start_date/,
    message: 'Quay does not accept this start date. Use the form 2026-11-30T06:00:00Z.',
  },
  {
    words: /^External registry reference must not include a URL scheme$/,
    message: 'Quay needs the external repository without https://, such as quay.io/minio/mc.',
  },
  { words: /^Invalid robot$/, message: 'Quay has no such robot account in this organization. See {slash} robot list.' },
  {
    words: /^Unable to (?:delete username while setting|set a new) a? ?password/,
    message: 'Quay accepts a password only together with a username.',
  },
  { words: /^Could not parse template/, message: 'The template of the notification is not valid JSON. Change it in the Quay web console.' },
  { words: /^Missing (?:webhook URL|Slack Callback URL)$/, message: 'This kind of notification needs a URL.' },
  {
    words: /^No repository notification found for/,
    message: 'Quay has no such notification in this repository. See {slash} notification list.',
  },
  {
    words: /^Policy for this namespace already exists|^Policy for this repository already exists/,
    message: 'Quay before 3.13 supports only one auto-prune policy. Delete the existing one first with {slash} prune delete.',
  },
  {
    words: /^Invalid (?:value given for method type|method provided)$/,
    message: 'Quay does not accept this value for auto-prune. Use a number of tags (20) or an age (30d).',
  },
  {
    words:
      /^Invalid namespace \S+: Namespace must|^Invalid (?:username|team name) .+: Namespace must|^The name for the robot '[^']*' is invalid/,
    message: 'Quay does not accept this name: it needs 2 to 255 lower-case letters and digits, joined by . _ or -.',
  },
  {
    words: /^Invalid repository name$/,
    message: 'Quay does not accept this repository name. Use lower-case letters and digits, joined by . _ or -.',
  },
  {
    words: /^Unknown (?:activating )?user$|^Missing delegate user or team$/,
    message: 'Quay has no such user, robot account or team. Check the spelling.',
  },
  {
    words: /^Proxy Cache Configuration already exists$/,
    message: 'The organization is already a proxy cache. Delete that first with {slash} proxy-cache delete.',
  },
  {
    words: /^(?:Organization quota|Quota) for '(?<namespace>[^']+)' already exists$/,
    message: '{namespace} already has a quota. Change it with {slash} quota set.',
  },
  { words: /^Invalid quota size limit value/, message: 'Quay does not accept this quota size.' },
  {
    words: /^Quota limit already exists$|^Only one quota limit of type 'Reject' allowed/,
    message: 'The quota already has this threshold. See {slash} quota show.',
  },
  {
    words: /^(?:Team|User) does not have permission for repo\.$/,
    message: 'This repository does not have such a permission. See {slash} permission list.',
  },
  {
    words: /^Team '(?<team>[^']+)' is not a team in org '(?<organization>[^']+)'$/,
    message: '{organization} has no team {team}. See {slash} team list.',
  },
  { words: /^User (?<name>\S+) is already a member of team (?<team>\S+)$/, message: '{name} is already a member of the team {team}.' },
  { words: /^User (?<name>\S+) does not belong to team (?<team>\S+)$/, message: '{name} is not a member of the team {team}.' },
  {
    words: /^Could not sync to group: Not supported$/,
    message: 'Users of this registry do not come from a directory, so teams can’t be synced.',
  },
  { words: /^Could not sync to group: Missing/, message: 'Quay needs the name of a group in the directory.' },
  {
    words: /^Cannot update an unactivated trigger$|^Trigger is not active\.$/,
    message: 'The build trigger setup is incomplete. Complete it in the Quay web console.',
  },
  { words: /^Repository already exists$/, message: 'A repository with this name already exists. Choose another name.' },
  {
    words: /^Invalid tag: must match/,
    message: 'Quay does not accept this tag name: it needs 1 to 128 letters, digits, . _ or -, and can’t begin with . or -.',
  },
  {
    words: /managed by organization-level mirroring$/,
    message:
      'The repositories of this organization are mirrors: only Quay can push to them. An organization admin can change that in the Quay web console.',
  },
  {
    words: /^Cannot create a proxy cache for an organization with organization-level mirroring$/,
    message: 'The whole organization is a mirror, so it can’t be a proxy cache.',
  },
  {
    words: /^Anonymous access is not allowed$/,
    message: 'Quay does not accept calls without a valid token here. An operator must check QUAY_TOKEN.',
  },
  {
    words:
      / is a required property$| is not (?:one of|of type) |^-?\d+ is (?:less|greater) than the (?:minimum|maximum) of -?\d+$| is (?:too short|too long|not valid under any of the given schemas)$|is valid under each of/,
    message:
      'Quay does not accept what Quaymaster sent: a value is missing, or this release needs another one. Quay’s response is in the operator’s log.',
  },
]
