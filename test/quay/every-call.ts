import { credential } from '../../src/core/credential.ts'
import * as buildLog from '../../src/quay/build-log.ts'
import * as builds from '../../src/quay/builds.ts'
import * as defaultPermissions from '../../src/quay/default-permissions.ts'
import * as immutability from '../../src/quay/immutability.ts'
import * as logTotals from '../../src/quay/log-totals.ts'
import * as logs from '../../src/quay/logs.ts'
import * as manifests from '../../src/quay/manifests.ts'
import * as members from '../../src/quay/members.ts'
import * as messages from '../../src/quay/messages.ts'
import * as mirrors from '../../src/quay/mirrors.ts'
import * as notifications from '../../src/quay/notifications.ts'
import * as organizations from '../../src/quay/organizations.ts'
import * as permissions from '../../src/quay/permissions.ts'
import * as proxyCaches from '../../src/quay/proxy-caches.ts'
import * as pruning from '../../src/quay/pruning.ts'
import * as quotas from '../../src/quay/quotas.ts'
import type { Quay } from '../../src/quay/registry.ts'
import * as registrySize from '../../src/quay/registry-size.ts'
import * as repositories from '../../src/quay/repositories.ts'
import * as robots from '../../src/quay/robots.ts'
import * as security from '../../src/quay/security.ts'
import * as serviceKeys from '../../src/quay/service-keys.ts'
import * as tagScans from '../../src/quay/tag-scan.ts'
import * as tags from '../../src/quay/tags.ts'
import * as teams from '../../src/quay/teams.ts'
import * as triggers from '../../src/quay/triggers.ts'
import * as users from '../../src/quay/users.ts'

/** What the bot would send on: it may reach Quay, and nothing else. */
export const sent = 'Sent-to-Quay-and-shown-nowhere'
const secret = credential().parse(sent)

const repository = 'acme/web'
const team = { organization: 'acme', team: 'devs' }
const id = '00000000-0000-0000-0000-000000000000'
const digest = `sha256:${'5'.repeat(64)}`
const window = { from: '2026-11-20', to: '2026-11-23' }
const rule = { method: 'number_of_tags', value: 10, pattern: 'v.*', matching: false } as const
const mirror = { reference: 'quay.io/minio/mc', tags: ['latest'], interval: 600, start: '2026-12-01T00:00:00.000Z', robot: 'acme+mirror' }

/** Every function of the service layer, asked for something. */
export const everyCall: Record<string, (quay: Quay) => Promise<unknown>> = {
  findUser: (quay) => users.findUser(quay, 'alice'),
  listUsers: (quay) => users.listUsers(quay, { limit: 50, enabledOnly: true }),
  createUser: (quay) => users.createUser(quay, { username: 'alice', email: 'alice@example.com' }),
  updateUser: (quay) => users.updateUser(quay, 'alice', { email: 'alice@example.com', enabled: false }),
  setPassword: (quay) => users.setPassword(quay, 'alice', secret),
  deleteUser: (quay) => users.deleteUser(quay, 'alice'),

  findRepository: (quay) => repositories.findRepository(quay, repository),
  listAllRepositories: (quay) => repositories.listAllRepositories(quay, 'acme'),
  listRepositories: (quay) => repositories.listRepositories(quay, 'acme'),
  createRepository: (quay) => repositories.createRepository(quay, { repository, visibility: 'private', description: 'Front page' }),
  deleteRepository: (quay) => repositories.deleteRepository(quay, repository),
  setVisibility: (quay) => repositories.setVisibility(quay, repository, 'public'),
  setDescription: (quay) => repositories.setDescription(quay, repository, 'Front page'),
  setState: (quay) => repositories.setState(quay, repository, 'read-only'),

  listPermissions: (quay) => permissions.listPermissions(quay, repository),
  findPermissions: (quay) => permissions.findPermissions(quay, repository, 'alice'),
  findPermission: (quay) => permissions.findPermission(quay, repository, { kind: 'user', name: 'alice' }),
  'findPermission of a team': (quay) => permissions.findPermission(quay, repository, { kind: 'team', name: 'devs' }),
  setPermission: (quay) => permissions.setPermission(quay, repository, { kind: 'robot', name: 'acme+ci', role: 'write' }),
  'setPermission of a team': (quay) => permissions.setPermission(quay, repository, { kind: 'team', name: 'devs', role: 'read' }),
  removePermission: (quay) => permissions.removePermission(quay, repository, { kind: 'user', name: 'alice' }),
  'removePermission of a team': (quay) => permissions.removePermission(quay, repository, { kind: 'team', name: 'devs' }),

  findOrganization: (quay) => organizations.findOrganization(quay, 'acme'),
  listOrganizations: (quay) => organizations.listOrganizations(quay, { limit: 10 }),
  createOrganization: (quay) => organizations.createOrganization(quay, { name: 'acme', email: 'acme@example.com' }),
  deleteOrganization: (quay) => organizations.deleteOrganization(quay, 'acme'),
  listMembers: (quay) => members.listMembers(quay, 'acme'),
  listCollaborations: (quay) => members.listCollaborations(quay, 'acme', 'alice'),
  findMember: (quay) => members.findMember(quay, 'acme', 'alice'),
  removeMember: (quay) => members.removeMember(quay, 'acme', 'alice'),
  findTeams: (quay) => members.findTeams(quay, 'acme', 'alice'),

  setTeam: (quay) => teams.setTeam(quay, team, { role: 'creator', description: 'Developers' }),
  deleteTeam: (quay) => teams.deleteTeam(quay, team),
  findTeamMembers: (quay) => teams.findTeamMembers(quay, team),
  addTeamMember: (quay) => teams.addTeamMember(quay, team, 'alice'),
  removeTeamMember: (quay) => teams.removeTeamMember(quay, team, 'alice'),
  listTeamPermissions: (quay) => teams.listTeamPermissions(quay, team),
  syncTeam: (quay) => teams.syncTeam(quay, team, { group_dn: 'cn=devs,ou=groups' }),
  unsyncTeam: (quay) => teams.unsyncTeam(quay, team),

  listRobots: (quay) => robots.listRobots(quay, 'acme'),
  findRobot: (quay) => robots.findRobot(quay, 'acme+ci'),
  findRobotToken: (quay) => robots.findRobotToken(quay, 'acme+ci'),
  createRobot: (quay) => robots.createRobot(quay, 'acme+ci', { description: 'CI' }),
  rotateRobot: (quay) => robots.rotateRobot(quay, 'acme+ci'),
  deleteRobot: (quay) => robots.deleteRobot(quay, 'acme+ci'),
  readRobotPermissions: (quay) => robots.readRobotPermissions(quay, 'acme+ci', ['web']),

  startBuild: (quay) =>
    builds.startBuild(quay, repository, {
      archiveUrl: 'https://example.com/src.tgz',
      tags: ['v1'],
      subdirectory: '/sub',
      pullRobot: 'acme+ci',
    }),
  listBuilds: (quay) => builds.listBuilds(quay, repository, { limit: 5, since: '2026-11-23T00:00:00Z' }),
  findBuild: (quay) => builds.findBuild(quay, repository, id),
  cancelBuild: (quay) => builds.cancelBuild(quay, repository, id),
  readBuildLog: (quay) => buildLog.readBuildLog(quay, repository, id, 2),

  listTriggers: (quay) => triggers.listTriggers(quay, repository),
  findTrigger: (quay) => triggers.findTrigger(quay, repository, id),
  runTrigger: (quay) => triggers.runTrigger(quay, repository, id, { branch: 'main' }),
  listTriggerBuilds: (quay) => triggers.listTriggerBuilds(quay, repository, id),
  setTrigger: (quay) => triggers.setTrigger(quay, repository, id, 'disabled'),
  deleteTrigger: (quay) => triggers.deleteTrigger(quay, repository, id),

  findMirror: (quay) => mirrors.findMirror(quay, repository),
  createMirror: (quay) =>
    mirrors.createMirror(quay, repository, {
      ...mirror,
      username: 'acme',
      password: secret,
      verifyTls: true,
      unsignedImages: false,
      proxy: { http: 'http://proxy:3128' },
    }),
  updateMirror: (quay) =>
    mirrors.updateMirror(quay, repository, {
      interval: 3600,
      username: 'acme',
      password: secret,
      proxy: { http: 'http://proxy:3128', none: '' },
    }),
  syncMirror: (quay) => mirrors.syncMirror(quay, repository),
  cancelMirrorSync: (quay) => mirrors.cancelMirrorSync(quay, repository),

  listRegistryLogs: (quay) => logs.listRegistryLogs(quay, { ...window, next: 'token' }),
  listNamespaceLogs: (quay) => logs.listNamespaceLogs(quay, 'acme', { ...window, performer: 'alice' }),
  listRepositoryLogs: (quay) => logs.listRepositoryLogs(quay, repository, window),
  totalRegistryLogs: (quay) => logTotals.totalRegistryLogs(quay, { ...window, today: '2026-11-23' }),
  totalNamespaceLogs: (quay) => logTotals.totalNamespaceLogs(quay, 'acme', { ...window, today: '2026-11-23' }),
  totalRepositoryLogs: (quay) => logTotals.totalRepositoryLogs(quay, repository, { ...window, today: '2026-11-23' }),

  listTags: (quay) => tags.listTags(quay, repository, { like: 'v1', limit: 10, next: '2' }),
  listTagHistory: (quay) => tags.listTagHistory(quay, repository, { tag: 'latest' }),
  findTag: (quay) => tags.findTag(quay, repository, 'latest'),
  findTagPulls: (quay) => tags.findTagPulls(quay, repository, 'latest'),
  moveTag: (quay) => tags.moveTag(quay, repository, 'latest', digest),
  expireTag: (quay) => tags.expireTag(quay, repository, 'latest', '2026-12-01T00:00:00Z'),
  setTagImmutability: (quay) => tags.setTagImmutability(quay, repository, 'latest', 'immutable'),
  deleteTag: (quay) => tags.deleteTag(quay, repository, 'latest'),
  restoreTag: (quay) => tags.restoreTag(quay, repository, 'latest', digest),
  findManifest: (quay) => manifests.findManifest(quay, repository, digest),
  findImageScan: (quay) => tagScans.findImageScan(quay, repository, { digest, platforms: 'one' }),
  findScan: (quay) => security.findScan(quay, repository, digest),

  listQuotas: (quay) => quotas.listQuotas(quay, { kind: 'organization', name: 'acme' }),
  'listQuotas of a user': (quay) => quotas.listQuotas(quay, { kind: 'user', name: 'alice' }),
  createQuota: (quay) => quotas.createQuota(quay, { kind: 'organization', name: 'acme' }, 1e9),
  'createQuota of a user': (quay) => quotas.createQuota(quay, { kind: 'user', name: 'alice' }, 1e9),
  updateQuota: (quay) => quotas.updateQuota(quay, { kind: 'organization', name: 'acme' }, '6', 1e9),
  'updateQuota of a user': (quay) => quotas.updateQuota(quay, { kind: 'user', name: 'alice' }, '6', 1e9),
  deleteQuota: (quay) => quotas.deleteQuota(quay, { kind: 'organization', name: 'acme' }, '6'),
  'deleteQuota of a user': (quay) => quotas.deleteQuota(quay, { kind: 'user', name: 'alice' }, '6'),
  createQuotaLimit: (quay) => quotas.createQuotaLimit(quay, 'acme', '6', { type: 'reject', percent: 90 }),
  deleteQuotaLimit: (quay) => quotas.deleteQuotaLimit(quay, 'acme', '6', '1'),

  listPrunePolicies: (quay) => pruning.listPrunePolicies(quay, 'acme'),
  'listPrunePolicies of a repository': (quay) => pruning.listPrunePolicies(quay, repository),
  createPrunePolicy: (quay) => pruning.createPrunePolicy(quay, 'acme', rule),
  'createPrunePolicy of a repository': (quay) => pruning.createPrunePolicy(quay, repository, rule),
  updatePrunePolicy: (quay) => pruning.updatePrunePolicy(quay, 'acme', id, rule),
  'updatePrunePolicy of a repository': (quay) => pruning.updatePrunePolicy(quay, repository, id, rule),
  deletePrunePolicy: (quay) => pruning.deletePrunePolicy(quay, 'acme', id),
  'deletePrunePolicy of a repository': (quay) => pruning.deletePrunePolicy(quay, repository, id),
  listImmutabilityPolicies: (quay) => immutability.listImmutabilityPolicies(quay, 'acme'),
  'listImmutabilityPolicies of a repository': (quay) => immutability.listImmutabilityPolicies(quay, repository),
  createImmutabilityPolicy: (quay) => immutability.createImmutabilityPolicy(quay, 'acme', { pattern: '^v', matching: true }),
  'createImmutabilityPolicy of a repository': (quay) =>
    immutability.createImmutabilityPolicy(quay, repository, { pattern: '^v', matching: true }),
  updateImmutabilityPolicy: (quay) => immutability.updateImmutabilityPolicy(quay, 'acme', id, { pattern: '^v', matching: false }),
  'updateImmutabilityPolicy of a repository': (quay) =>
    immutability.updateImmutabilityPolicy(quay, repository, id, { pattern: '^v', matching: false }),
  deleteImmutabilityPolicy: (quay) => immutability.deleteImmutabilityPolicy(quay, 'acme', id),
  'deleteImmutabilityPolicy of a repository': (quay) => immutability.deleteImmutabilityPolicy(quay, repository, id),

  createNotification: (quay) =>
    notifications.createNotification(quay, repository, { event: 'repo_push', method: 'webhook', url: secret, title: 'Pushes' }),
  'createNotification by mail': (quay) =>
    notifications.createNotification(quay, repository, {
      event: 'repo_image_expiry',
      method: 'email',
      email: 'a@example.com',
      options: { days: 5 },
    }),
  listNotifications: (quay) => notifications.listNotifications(quay, repository),
  findNotification: (quay) => notifications.findNotification(quay, repository, id),
  testNotification: (quay) => notifications.testNotification(quay, repository, id),
  resetNotification: (quay) => notifications.resetNotification(quay, repository, id),
  deleteNotification: (quay) => notifications.deleteNotification(quay, repository, id),

  listDefaultPermissions: (quay) => defaultPermissions.listDefaultPermissions(quay, 'acme'),
  createDefaultPermission: (quay) =>
    defaultPermissions.createDefaultPermission(quay, 'acme', { to: { kind: 'robot', name: 'acme+ci' }, role: 'read', createdBy: 'alice' }),
  deleteDefaultPermission: (quay) => defaultPermissions.deleteDefaultPermission(quay, 'acme', id),

  listMessages: (quay) => messages.listMessages(quay),
  createMessage: (quay) => messages.createMessage(quay, { content: 'Maintenance tonight', severity: 'warning', format: 'text' }),
  deleteMessage: (quay) => messages.deleteMessage(quay, id),
  listServiceKeys: (quay) => serviceKeys.listServiceKeys(quay),
  readRegistrySize: (quay) => registrySize.readRegistrySize(quay),
  countRegistrySize: (quay) => registrySize.countRegistrySize(quay),
  findProxyCache: (quay) => proxyCaches.findProxyCache(quay, 'acme'),
  createProxyCache: (quay) => proxyCaches.createProxyCache(quay, 'acme', { upstream: 'quay.io', username: 'acme', password: secret }),
  deleteProxyCache: (quay) => proxyCaches.deleteProxyCache(quay, 'acme'),
}
