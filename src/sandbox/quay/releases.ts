import type { Schema } from './schema.ts'

// What differs between the releases of Quay, as data (docs/quay.md, Releases); the calls are those of test/recorded/quay/releases-verdicts.json
// are its source. A difference holds since the first patch named of each release, and from the last one named on in all:
// ['3.10.7', '3.11.2', '3.12.0'] is in 3.10.9 and 3.12.0, not in 3.10.6 or 3.11.1. 3.19.0 is the commit whose exchanges were
// recorded, between 3.18 and 3.19.
export type Since = readonly string[]

/** Releases that can be asked for, each with its newest patch. */
export const patches = {
  '3.9': 25,
  '3.10': 25,
  '3.11': 13,
  '3.12': 21,
  '3.13': 11,
  '3.14': 8,
  '3.15': 7,
  '3.16': 5,
  '3.17': 4,
  '3.18': 0,
} as const

/** What /config calls the newest: the last release before that commit. */
export const newestName = 'Quay v3.18.0'

const members: Since = ['3.10.7', '3.11.2', '3.12.0']
const collaborators: Since = ['3.10.7', '3.11.4', '3.12.0']
/** The short cut for superusers in auth/permissions.py. */
const shortCut: Since = ['3.17.4', '3.18.0']
const hostChecks = ['3.9.25', '3.10.25', '3.12.21', '3.17.4', '3.19.0'] as const

export const differences = {
  /** `teams`, `is_admin`, `can_admin` … of what belongs to others are shown to superusers with full access. */
  superusersSeenAsAdmins: ['3.16.0'],
  /** Teams and repositories of robots, pending invitations and `can_sync`, likewise. */
  superusersShortCut: shortCut,
  /** Full access is needed for quotas on the routes of organisations; before, being a superuser was enough. */
  quotasNeedFullAccess: ['3.16.0'],
  /** Any robot may pull for a build that a superuser with full access starts. */
  superusersPullRobots: collaborators,
  /** RESTRICTED_USERS spares superusers. */
  superusersUnrestricted: ['3.13.2'],
  /** Who is both superuser and global reader only reads. */
  readOnlyWins: ['3.16.0'],
  /** Several prune policies of one namespace. */
  manyPrunePolicies: ['3.13.0'],
  /** The field that a mirror has for skopeo's patience: 500 where it is unknown, without effect later, known at last. */
  mirrorTimeoutHarmless: ['3.14.7', '3.15.0'],
  mirrorTimeout: ['3.15.0'],
  mirrorHostChecks: hostChecks,
  cacheHostChecks: [...hostChecks.slice(0, 3), '3.15.7', '3.16.5', '3.17.4', '3.18.0'],
  orgMirrors: ['3.17.0'],
  immutableTags: ['3.17.0'],
  /** Without EDIT_QUOTA there are no quotas at all. */
  quotasNeedEditQuota: ['3.12.0'],
  /** An organisation may do without an e-mail where mailing is on, and have one to be reached by. */
  contactEmail: ['3.18.0'],
  /** Refusals of robots are as all others (shape 1), not `{message}` alone. */
  robotRefusalsDetailed: ['3.11.0'],
  /** When and from where a team is synchronised is shown to those who are no superusers. */
  syncDetailsForAll: ['3.11.0'],
  /** /config tells the version. */
  versionInConfig: ['3.16.0'],
  /** Logs in a Splunk without search are an empty page; before they break Quay. */
  searchUnavailable: ['3.17.0'],
  /**
   * JSON without its content type: 500, then 400, at last 415 (docs/quay.md, How it ran). Which release answers what is not recorded; the
   * bounds are a guess, there so that each is met.
   */
  untypedJsonRefused: ['3.12.0'],
  untypedJsonUnsupported: ['3.17.0'],
} as const satisfies Record<string, Since>

/** Routes on which full access counts only since a release; on all others it always did (docs/quay.md, Releases §1a). */
export const fullAccessSince: readonly (readonly [routes: string[], since: Since])[] = [
  [
    [
      'GET /organization/{orgname}/members/{membername}',
      'DELETE /organization/{orgname}/members/{membername}',
      'GET /organization/{orgname}/logs',
      'GET /organization/{orgname}/aggregatelogs',
      'GET /organization/{orgname}/prototypes',
      'GET /organization/{orgname}/team/{teamname}/members',
      'GET /organization/{orgname}/team/{teamname}/permissions',
      'DELETE /organization/{orgname}/team/{teamname}/members/{membername}',
      'DELETE /organization/{orgname}',
      'GET /organization/{orgname}/quota/{quota_id}/limit',
      'POST /repository',
    ],
    members,
  ],
  [['GET /organization/{orgname}/collaborators', 'GET /repository/{repository}/build/{build_uuid}/logs'], collaborators],
  [['POST /organization/{orgname}/team/{teamname}/syncing', 'DELETE /organization/{orgname}/team/{teamname}/syncing'], shortCut],
]

/** Routes that older releases do not have. */
export const routesSince: readonly (readonly [path: RegExp, since: Since])[] = [
  [/^\/(organization\/\{orgname\}|user)\/autoprunepolicy\//, ['3.10.0']],
  [/^\/repository\/\{repository\}\/autoprunepolicy\//, ['3.11.0']],
  [/\/federation$/, ['3.13.0']],
  [/^\/superuser\/config$/, ['3.15.0']],
  [/\/pull_statistics$/, ['3.16.0']],
  [/^\/superuser\/apptokens$/, ['3.16.0']],
  [/\/immutabilitypolicy\//, ['3.17.0']],
  [/^\/organization\/\{orgname\}\/mirror/, ['3.17.0']],
  [/^\/registry\/capabilities$/, ['3.17.0']],
  [/^\/organization\/\{orgname\}\/notifications|^\/user\/namespacenotifications/, ['3.18.0']],
  [/^\/organization\/\{orgname\}\/applications\/\{client_id\}\/tokens/, ['3.18.0']],
  [/\/mirror\/health$/, ['3.18.0']],
]

/** Operations that only `?internal=true` shows, until a release. */
export const internalUntil: readonly (readonly [path: string, until: Since])[] = [['/superuser/users/{username}', ['3.13.4']]]

/** Fields that the bodies of older releases do not know: their schemas admit and their code ignores them, and all is well with 201. */
export const fieldsSince: readonly (readonly [definition: string, fields: string[], since: Since])[] = [
  ['AutoPrunePolicyConfig', ['tagPattern', 'tagPatternMatches'], ['3.13.0']],
  ['CreateMirrorConfig', ['skopeo_timeout_interval'], differences.mirrorTimeout],
  ['UpdateMirrorConfig', ['skopeo_timeout_interval'], differences.mirrorTimeout],
  ['CreateMirrorConfig', ['architecture_filter'], ['3.17.0']],
  ['UpdateMirrorConfig', ['architecture_filter'], ['3.17.0']],
  ['ChangeTag', ['immutable'], ['3.17.0']],
  ['NewOrg', ['contact_email'], differences.contactEmail],
]

const bytes: Schema = { type: 'object', properties: { limit_bytes: { type: 'integer' } } }

/** Bodies that had another shape before. */
export const schemasBefore: readonly (readonly [definition: string, since: Since, before: Schema])[] = [
  ['NewOrgQuota', ['3.12.0'], { ...bytes, required: ['limit_bytes'] }],
  ['NewNamespaceQuota', ['3.12.0'], { ...bytes, required: ['limit_bytes'] }],
  ['UpdateOrgQuota', ['3.12.0'], bytes],
  ['UpdateNamespaceQuota', ['3.12.0'], bytes],
]

/** Fields of answers, however deep they stand, which older releases leave out. */
export const answersSince: readonly (readonly [route: RegExp, fields: string[], since: Since])[] = [
  [/^GET .*\/autoprunepolicy\//, ['tagPattern', 'tagPatternMatches'], ['3.13.0']],
  [/^GET \/repository\/\{repository\}\/mirror$/, ['skopeo_timeout_interval'], differences.mirrorTimeout],
  [/^GET \/repository\/\{repository\}\/mirror$/, ['architecture_filter'], ['3.17.0']],
  [/^GET \/repository\/\{repository\}\/tag\/$/, ['immutable'], ['3.17.0']],
  [/^GET \/repository\/\{repository\}\/manifest\/\{manifestref\}$/, ['layers_compressed_size'], ['3.11.0']],
  [/^(GET|PUT) \/superuser\/users\//, ['global_readonly_super_user'], ['3.16.4']],
  [/^(GET|PUT) .*\/quota(\/\{quota_id\})?$/, ['limit'], ['3.12.0']],
]

/** Events that a notification can be about; one that a release does not know breaks it. */
export const eventsSince: Readonly<Record<string, Since>> = {
  repo_image_expiry: ['3.12.0'],
  quota_warning: ['3.18.0'],
  quota_error: ['3.18.0'],
}

/** Kinds of usage logs that older releases do not write. */
export const kindsSince: readonly (readonly [kind: RegExp, since: Since])[] = [
  [/_namespace_autoprune_policy$/, ['3.10.0']],
  [/_repository_autoprune_policy$/, ['3.11.0']],
  [/^(enable|disable)_team_sync$/, ['3.12.0']],
  [/_robot_federation$/, ['3.13.0']],
  [/^export_logs_/, ['3.13.0']],
  [/immutability/, ['3.17.0']],
  [/^org_\w+_quota/, ['3.17.0']],
  [/^org_mirror_/, ['3.17.0']],
  [/_namespace_notification$/, ['3.18.0']],
  [/_oauth_api_token$/, ['3.18.0']],
]
