/** Other words for a noun or a group of commands, and what a noun alone with an object means. */
export interface NounWords {
  /** Singular; plurals with `s` are understood by themselves. */
  aliases: string[]
  /** The verbs that an object behind the bare noun may mean, the likeliest first: the first that takes the words is meant. */
  defaults: string[]
}

/**
 * The nouns as they come in the folder of the commands, the most used first: of equal candidates the first is offered first. Words are
 * taken from Quay's console and from docker, podman, skopeo, gh and kubectl.
 */
export const nouns: Record<string, NounWords> = {
  repo: {
    aliases: [
      'repository',
      'repositories',
      'image repo',
      'image repository',
      'container repo',
      'container repository',
      'project',
      'image',
      'img',
      'package',
      'リポジトリ',
      'リポジトリー',
    ],
    defaults: ['show', 'list'],
  },
  tag: { aliases: ['versions', 'branch', 'image', 'img', 'image tag', 'タグ'], defaults: ['list', 'history'] },
  build: {
    aliases: ['job', 'pipeline', 'pipelinerun', 'run', 'bc', 'buildconfig', 'ビルド', 'ビルドする', 'ビルドして'],
    defaults: ['list', 'show', 'start'],
  },
  scan: {
    aliases: ['vuln', 'vulnerability', 'vulnerabilities', 'cve', 'security', 'security scan', 'clair', 'report', 'スキャン', '脆弱性'],
    defaults: ['show', 'diff'],
  },
  org: {
    aliases: ['organization', 'organisation', 'ns', 'namespace', 'tenant', 'group', '組織'],
    defaults: ['show', 'list'],
  },
  permission: {
    aliases: ['perm', 'acl', 'collaborator', 'role', 'right', '権限'],
    defaults: ['list', 'grant'],
  },
  access: { aliases: ['temporary access', 'temporary permission', 'temp access'], defaults: ['list'] },
  team: { aliases: ['squad', 'group', 'チーム'], defaults: ['members', 'list'] },
  robot: {
    aliases: [
      'robot account',
      'bot',
      'sa',
      'serviceaccount',
      'service account',
      'machine account',
      'robot token',
      'robottoken',
      'ロボット',
      'ロボットアカウント',
    ],
    defaults: ['show', 'list'],
  },
  user: { aliases: ['account', 'person', 'ユーザー'], defaults: ['show', 'list'] },
  logs: {
    aliases: ['log', 'usage log', 'usage logs', 'usage', 'activity', 'action log', 'event log', 'event', 'ログ'],
    defaults: ['repo', 'namespace'],
  },
  'logs export': {
    aliases: [
      'logs csv',
      'export logs',
      'csv',
      'csv of usage',
      'usage csv',
      'csv of logs',
      'download logs',
      'download usage logs',
      'logs download',
      'export usage logs',
      'export',
      'usage logs export',
    ],
    defaults: ['repo', 'namespace'],
  },
  'logs totals': {
    aliases: [
      'logs summary',
      'log totals',
      'logs stats',
      'stats',
      'statistics',
      'summary',
      'summarize logs',
      'logs count',
      'count logs',
      'top events',
      'top actions',
      'most active',
    ],
    defaults: ['repo', 'namespace'],
  },
  request: { aliases: ['req', 'approval', 'pull request', 'pr', '申請'], defaults: ['show', 'list'] },
  subscription: { aliases: ['sub', 'follow', '購読'], defaults: ['test', 'list'] },
  notification: { aliases: ['notif', 'webhook', 'hook', 'alert', 'event', '通知'], defaults: ['list', 'create'] },
  trigger: { aliases: ['build trigger', 'buildtrigger', 'workflow', 'トリガー'], defaults: ['list', 'run'] },
  mirror: { aliases: ['mirroring', 'replication', 'replica', 'repo mirror', 'mirrored repo', 'ミラー'], defaults: ['show', 'create'] },
  quota: {
    aliases: ['storage quota', 'disk usage', 'storage usage', 'disk space', 'storage', 'limit', 'space', 'クォータ'],
    defaults: ['show', 'set'],
  },
  prune: {
    aliases: ['auto-prune', 'autoprune', 'auto prune', 'pruning', 'retention', 'prune policy', 'auto-prune policy', 'cleanup policy', 'gc'],
    defaults: ['show', 'set'],
  },
  immutability: {
    aliases: ['immutable', 'immutability policy', 'immutability policies', 'tag immutability', 'immutable tag'],
    defaults: ['list', 'set'],
  },
  'permission default': {
    aliases: ['default permission', 'default perm', 'default access', 'permission prototype', 'prototype', 'default role'],
    defaults: ['list', 'create'],
  },
  'proxy-cache': {
    aliases: ['proxy', 'cache', 'proxycache', 'pull-through', 'pull through cache', 'pullthrough cache'],
    defaults: ['show', 'set'],
  },
  message: { aliases: ['banner', 'announcement', 'global message', 'motd', 'broadcast', 'メッセージ'], defaults: ['list', 'create'] },
  audit: { aliases: ['audit log', 'auditlog', 'audit trail', 'command history', '監査'], defaults: ['list'] },
  registry: { aliases: ['registry storage', 'registry usage', 'disk'], defaults: ['size'] },
  'service-key': { aliases: ['servicekey', 'service key', 'key'], defaults: ['list'] },
}

/** Words that say nothing to a command. Those of `linking` tell which field the next word is for. */
export const fillers = new Set(
  'a an the one here my our me us please pls kindly all any can you could i to of in on at for from with by as and now is are be it its this that want need would like how do does what whats which using via into onto named called under within about has have new again just only why did was were where between than there had still without many much more am so too then them they their his her he she out up over off until before after not no if or but been being get got through per each every other another same disabled inactive'.split(
    ' ',
  ),
)
