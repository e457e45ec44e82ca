import type { Translate } from '../../core/i18n.ts'
import { slash } from '../../core/slash-command.ts'
import type { Lack, Part, SetUp } from '../../quay/set-up.ts'
import { code, fields, lines, type Message, message, note } from '../blocks.ts'
import { codes } from './codes.ts'

/** The checklist of `/quay setup`: what this registry gives, and for each gap the next step. */
export function setUpView(found: SetUp, t: Translate): Message {
  const checks = checksOf(found, t)
  const todo = checks.filter(({ mark }) => mark === ':x:').length
  return message(
    t('{count, plural, =0 {{registry}: setup complete.} one {{registry}: # setup task left.} other {{registry}: # setup tasks left.}}', {
      count: todo,
      registry: found.registry,
    }),
    fields([t.plain('Release'), t(found.release.message, found.release.values)]),
    ...lines(checks.map(({ mark, text }) => `${mark} ${text}`)),
    ...(found.lacking.length > 0
      ? lines([t('This registry does not offer:'), ...found.lacking.map((one) => `:white_circle: ${lackSentence(one, t)}`)])
      : []),
    note(t('Step 3 of the README describes both setups and the scopes of the token. Run this again after a change.')),
  )
}

/** `:x:` is to be done; `:white_circle:` can be. */
interface Check {
  mark: ':white_check_mark:' | ':x:' | ':white_circle:'
  text: string
}

function checksOf(found: SetUp, t: Translate): Check[] {
  return [...stateChecks(found, t), ...tokenChecks(found, t), ...sightChecks(found, t)]
}

const done = (text: string): Check => ({ mark: ':white_check_mark:', text })
const todo = (text: string): Check => ({ mark: ':x:', text })
const hint = (text: string): Check => ({ mark: ':white_circle:', text })

function stateChecks({ unread, readOnly }: SetUp, t: Translate): Check[] {
  return [
    ...(unread ? [todo(t('Quay did not respond to all calls. Run {command} again in a minute.', { command: commandCode() }))] : []),
    ...(readOnly
      ? [
          todo(
            t('The whole registry is read-only. Changes work again when its operators set {setting} in config.yaml.', {
              setting: code('REGISTRY_STATE: normal'),
            }),
          ),
        ]
      : []),
  ]
}

const commandCode = () => code(slash('setup'))
const memberScopes = ['org:admin', 'repo:admin', 'repo:create']

function tokenChecks({ account, userAdmin, view }: SetUp, t: Translate): Check[] {
  if (view === 'unknown') return []
  return [
    view === 'no-superuser'
      ? todo(t('QUAY_TOKEN is not a superuser’s token. Renew it with the scope {scope}, as a superuser.', { scope: code('super:user') }))
      : done(t('QUAY_TOKEN is a superuser’s token.')),
    account === undefined
      ? todo(t('QUAY_TOKEN can’t read its own user. Renew it with the scope {scope}.', { scope: code('user:read') }))
      : done(t('Quaymaster’s user is {account}.', { account: code(account) })),
    ...(userAdmin === false
      ? [todo(t('Organizations can’t be created. Renew QUAY_TOKEN with the scope {scope} too.', { scope: code('user:admin') }))]
      : []),
  ]
}

function sightChecks(found: SetUp, t: Translate): Check[] {
  const { view, fullAccess, fullAccessSuffices } = found
  if (view === 'unknown' || view === 'no-superuser') return []
  const flag = code('FEATURE_SUPERUSERS_FULL_ACCESS')
  const access = fullAccess
    ? done(t('{flag} is on.', { flag }))
    : hint(
        t(
          '{flag} is off, so Quay hides users’ namespaces from Quaymaster. {enough, select, yes {Set it to true in config.yaml, and Quaymaster sees everything.} no {Set it to true in config.yaml to show them; team roles need Quay 3.16 or newer.} other {Set it to true in config.yaml, and Quay shows them.}}',
          { flag, enough: fullAccessSuffices === undefined ? 'unknown' : fullAccessSuffices ? 'yes' : 'no' },
        ),
      )
  return [access, ...(view === 'all' ? [done(t('Quaymaster sees all organizations.'))] : partial(found, t)), ...syncChecks(found, t)]
}

function partial(found: SetUp, t: Translate): Check[] {
  const { view, administered: count, total, others, scoped } = found
  const account = accountOf(found, t)
  const known = total === undefined ? 'no' : 'yes'
  const values = { cause: view === 'no-roles' ? 'release' : 'flag', account, count, known, total: total ?? 0 }
  const where = t(
    '{cause, select, release {Quay before 3.16 shows who has which role in a team only where {account} is an admin:} other {Without full access, commands work only in organizations where {account} is an admin:}} {count}{known, select, yes { of {total}} other {}}.',
    values,
  )
  const scopes = { scopes: codes(memberScopes, t), account }
  const lacks = todo(
    t(
      'QUAY_TOKEN lacks the scopes {scopes}, so Quaymaster can’t act as an admin although {account} is one. Renew it with these scopes.',
      scopes,
    ),
  )
  const check = hint(
    t(
      'Check in Quay that QUAY_TOKEN has the scopes {scopes}. Quaymaster can verify them only after {account} has joined an organization.',
      scopes,
    ),
  )
  const repositories = todo(
    t('QUAY_TOKEN lacks the scope {scope}, so repository commands are refused. Renew it with {scopes}.', {
      scope: code('repo:admin'),
      scopes: codes(memberScopes, t),
    }),
  )
  const token = scoped === undefined ? [check] : !scoped ? [lacks] : found.repositories === false ? [repositories] : []
  if (others.length === 0) return [...token, done(where)]
  const next = t(
    'Not yet an admin of {organizations}{more, select, yes { and others} other {}}. Take ownership with {command}, or ask one of the admins to add {account} to a team with the role admin.',
    { organizations: codes(others, t), more: found.more ? 'yes' : 'no', command: code(slash(`org take-ownership ${others[0]}`)), account },
  )
  return [...token, todo(`${where} ${next}`)]
}

function syncChecks(found: SetUp, t: Translate): Check[] {
  if (!found.syncForAdmins) return []
  return [
    hint(t('Before Quay 3.17.4, teams are synced only in organizations where {account} is an admin.', { account: accountOf(found, t) })),
  ]
}

function accountOf({ account }: SetUp, t: Translate) {
  return account === undefined ? t('QUAY_TOKEN’s user') : code(account)
}

/** In the words of Quay's console. */
const parts: Record<Part, string> = {
  builds: 'Builds',
  mirrors: 'Repository mirroring',
  prune: 'Auto-prune',
  'prune-repository': 'Auto-prune for a single repository',
  'prune-pattern': 'Patterns in auto-prune policies',
  immutability: 'Tag immutability',
  quotas: 'Storage quotas',
  'quota-events': 'Notifications about quotas',
  'proxy-caches': 'Proxy caches',
  scans: 'Security scans',
  'team-sync': 'Team synchronization',
  'expiry-events': 'Notifications before images expire',
}

function lackSentence(lack: Lack, t: Translate) {
  const part = t.plain(parts[lack.part])
  if ('since' in lack) return t('{part}: needs Quay 3.{since} or newer.', { part, since: String(lack.since) })
  if (lack.flags.length === 0) return t('{part}: disabled.', { part })
  const flags = lack.flags.map((flag) => `FEATURE_${flag}`)
  return t('{part}: {flags} {count, plural, one {is} other {are}} off.', { part, flags: codes(flags, t), count: flags.length })
}
