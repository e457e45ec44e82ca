import type { Notification } from './repository-parts.ts'

// The made-up event of a "test" call, which differs from real ones (docs/quay.md, Real and sample events).

const metadata = { default_branch: 'master', ref: 'refs/heads/somebranch', commit: '42d4a62c53350993ea41069e9f2cfdefb0df097d' }
const author = { username: 'fakeauthor', url: 'http://path/to/fake/author/in/scm', avatar_url: 'http://www.gravatar.com/avatar/fakehash' }
const commitInfo = { url: 'http://path/to/the/commit', message: 'Some commit message', date: 1_795_419_082, author }
const build = {
  build_id: 'fake-build-id',
  build_name: 'some-fake-build',
  docker_tags: ['latest', 'foo', 'bar'],
  trigger_id: '1245634',
  trigger_kind: 'GitHub',
}
const message = { message: 'TEST NOTIFICATION' }
const vulnerability = {
  id: 'CVE-FAKE-CVE',
  description: 'A futurist vulnerability',
  link: 'https://security-tracker.debian.org/tracker/CVE-FAKE-CVE',
}

function quota(threshold: number, usage: number, percent: number, formatted: string) {
  const limit = { limit_bytes: 1_073_741_824, limit_bytes_formatted: '1.00 GB' }
  return { threshold_percent: threshold, usage_bytes: usage, usage_percent: percent, usage_bytes_formatted: formatted, ...limit }
}

const samples: Record<string, Record<string, unknown>> = {
  repo_push: { updated_tags: ['latest', 'foo'], pruned_image_count: 3 },
  build_queued: { is_manual: false, ...build, trigger_metadata: { ...metadata, commit_info: commitInfo } },
  build_start: { ...build, trigger_metadata: metadata },
  build_success: { ...build, trigger_metadata: metadata, image_id: '1245657346' },
  build_cancelled: { ...build, trigger_metadata: metadata, image_id: '1245657346' },
  build_failure: { ...build, error_message: 'This is a fake error message', trigger_metadata: { ...metadata, commit_info: commitInfo } },
  repo_mirror_sync_started: message,
  repo_mirror_sync_success: message,
  repo_mirror_sync_failed: message,
  quota_warning: quota(80, 858_993_459, 80, '819.20 MB'),
  quota_error: quota(100, 1_127_428_915, 105, '1.05 GB'),
}

export function sampleData({ event, eventConfig }: Notification): Record<string, unknown> {
  if (event === 'repo_image_expiry') return { tags: ['latest', 'v1'], expiring_in: `${eventConfig.days ?? 'None'} days` }
  if (event !== 'vulnerability_found') return samples[event] ?? {}
  const priority = ['Critical', 'High', 'Medium', 'Low'][Number(eventConfig.level ?? 2)] ?? 'Medium'
  return { tags: ['latest', 'prod', 'foo', 'bar', 'baz'], image: 'some-image-id', vulnerability: { ...vulnerability, priority } }
}
