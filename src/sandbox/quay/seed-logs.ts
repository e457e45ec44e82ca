import type { UsageLog } from './registry.ts'

const minute = 60 * 1000

type Line = readonly [kind: string, performer: string, namespace: string, repository: string | null, metadata: Record<string, unknown>]

const hour = 60 * minute
// The days before: who pushes and pulls, so that usage over a week can be drawn.
const earlier = 36

/** Newest first; every round of it is told again further back, until the namespaces have more than a page. */
const round: Line[] = [
  ['push_repo', 'acme+ci', 'acme', 'api', { repo: 'api', namespace: 'acme', tag: 'latest', 'user-agent': 'podman/5.2' }],
  ['pull_repo', 'acme+deploy', 'acme', 'api', { repo: 'api', namespace: 'acme', tag: 'v1.1', 'user-agent': 'cri-o/1.31' }],
  [
    'build_dockerfile',
    'ivan',
    'acme',
    'api',
    { repo: 'api', namespace: 'acme', docker_tags: ['latest'], is_manual: true, manual_user: 'ivan' },
  ],
  ['pull_repo', 'hana', 'globex', 'site', { repo: 'site', namespace: 'globex', tag: 'latest' }],
  [
    'create_tag',
    'alice',
    'acme',
    'api',
    { username: 'alice', repo: 'api', namespace: 'acme', tag: 'v1.1', original_manifest_digest: null },
  ],
  ['org_add_team_member', 'bea', 'acme', null, { member: 'ivan', team: 'frontend' }],
  ['change_repo_permission', 'carl', 'acme', 'api', { username: 'acme+ci', repo: 'api', namespace: 'acme', role: 'write' }],
  ['create_robot', 'bea', 'acme', null, { robot: 'deploy', description: '' }],
  ['set_repo_description', 'ivan', 'acme', 'api', { repo: 'api', namespace: 'acme', description: 'The API of the shop' }],
  ['delete_tag', 'alice', 'acme', 'api', { username: 'alice', repo: 'api', namespace: 'acme', tag: 'v0.9' }],
  ['push_repo', 'hana', 'globex', 'site', { repo: 'site', namespace: 'globex', tag: 'latest' }],
  ['pull_repo', 'acme+deploy', 'acme', 'shop', { repo: 'shop', namespace: 'acme', tag: 'v2.4' }],
  ['move_tag', 'alice', 'acme', 'api', { username: 'alice', repo: 'api', namespace: 'acme', tag: 'latest' }],
  ['add_repo_notification', 'carl', 'acme', 'api', { repo: 'api', namespace: 'acme', event: 'repo_push', method: 'webhook' }],
  ['change_repo_visibility', 'hana', 'globex', 'secret', { repo: 'secret', namespace: 'globex', visibility: 'private' }],
]

export function seededLogs(now: number): UsageLog[] {
  const recent = Array.from({ length: 8 }, () => round).flat()
  const usual = round.filter(([kind]) => kind === 'push_repo' || kind === 'pull_repo')
  const before = Array.from({ length: earlier }, (_, index) => usual[(index * 3 + Math.floor(index / 7)) % usual.length] as Line) // a rest of its length
  const entries = [...recent, ...before].map(([kind, performer, namespace, name, metadata], index) => ({
    kind,
    metadata,
    ip: '198.51.100.7',
    // 120 entries, ten minutes apart: some of them over the last day; then one every four hours.
    at: now - Math.min(index + 1, recent.length) * 10 * minute - Math.max(0, index + 1 - recent.length) * 4 * hour,
    performer: kind === 'build_dockerfile' ? null : performer,
    namespace,
    repository: name && `${namespace}/${name}`,
  }))
  return entries.reverse()
}
