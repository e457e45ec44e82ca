/** What a log entry says beside who, when and where, by Quay's own names. */
export type Details = Record<string, string | number | boolean | string[]>

// Of about ninety names, those that can hold no credential: `token_code`, `url`, `config`, `metadata` and the like stay out, and
// so does whatever a release to come adds.
const known = new Set([
  'activating_username',
  'application_name',
  'build_id',
  'build_uuid',
  'changed',
  'delegate_team',
  'delegate_user',
  'docker_tags',
  'event',
  'expiration_date',
  'immutable',
  'is_manual',
  'key',
  'kid',
  'limit',
  'manifest_digest',
  'manual_user',
  'member',
  'message',
  'method',
  'name',
  'new_name',
  'notification_id',
  'old_expiration_date',
  'old_name',
  'original_manifest_digest',
  'original_role',
  'oauth_token_application',
  'policy_uuid',
  'previous_limit',
  'previous_threshold_percent',
  'robot',
  'role',
  'service',
  'state_changed',
  'superuser',
  'sync_interval',
  'tag',
  'tag_expiration',
  'tag_pattern',
  'tag_pattern_matches',
  'team',
  'threshold_percent',
  'trigger_id',
  'type',
  'upstream_registry',
  'username',
  'visibility',
])

/** The known plain entries of a log entry’s metadata: what else Quay writes there may be a credential. */
export function detailsOf(metadata: Record<string, unknown>): Details {
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, Details[string]] => known.has(entry[0]) && isPlain(entry[1])),
  )
}

function isPlain(value: unknown) {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string')
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
