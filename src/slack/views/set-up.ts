import type { Translate } from '../../core/i18n.ts'
import type { Lack, Part, SetUp } from '../../quay/set-up.ts'
import { code, fields, lines, type Message, message, note } from '../blocks.ts'
import { codes } from './codes.ts'

/** The checklist of `/quay setup`: what this registry gives, and for each gap the next step. */
export function setUpView(found: SetUp, t: Translate): Message {
  const checks = checksOf(found, t)
  const todo = checks.filter(({ mark }) => mark === ':x:').length
  return message(
    t(
      '{count, plural, =0 {{registry}: nothing is left to do.} one {{registry}: # thing is left to do.} other {{registry}: # things are left to do.}}',
      { count: todo, registry: found.registry },
    ),
    fields([t.plain('Release'), t(found.release.message, found.release.values)]),
    ...lines(checks.map(({ mark, text }) => `${mark} ${text}`)),
    ...(found.lacking.length > 0
      ? lines([t('This registry does not offer:'), ...found.lacking.map((one) => `:white_circle: ${lackSentence(one, t)}`)])
      : []),
    note(t('The README has both set-ups, with the scopes of the token, in step 3. Ask again after a change.')),
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
    ...(unread ? [todo(t('Quay did not answer all questions just now. Run {command} again in a minute.', { command: commandCode }))] : []),
    ...(readOnly
      ? [
          todo(
            t('The whole registry is read-only. When its operators set {setting} in config.yaml, changes work again.', {
              setting: code('REGISTRY_STATE: normal'),
            }),
          ),
        ]
      : []),
  ]
}

const commandCode = code('/quay setup')
const memberScopes = codes(['org:admin', 'repo:admin', 'repo:create'])

function tokenChecks({ account, userAdmin, view }: SetUp, t: Translate): Check[] {
  if (view === 'unknown') return []
  return [
    view === 'no-superuser'
      ? todo(
          t('QUAY_TOKEN does not count as a superuser’s. Renew it with the scope {scope}, as a superuser.', { scope: code('super:user') }),
        )
      : done(t('QUAY_TOKEN counts as a superuser’s.')),
    account === undefined
      ? todo(t('QUAY_TOKEN does not tell whose it is. Renew it with the scope {scope}.', { scope: code('user:read') }))
      : done(t('Quaymaster’s own user is {account}.', { account: code(account) })),
    ...(userAdmin === false
      ? [todo(t('Creating an organization does not work. Renew QUAY_TOKEN with the scope {scope} too.', { scope: code('user:admin') }))]
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
          '{flag} is off, so Quay hides users’ own namespaces from Quaymaster. {enough, select, yes {Set it to true in config.yaml, and Quaymaster sees everything.} no {Set to true it shows them; the roles of teams Quay shows from 3.16 on.} other {Set it to true in config.yaml, and Quay shows them.}}',
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
  const scopes = { scopes: memberScopes, account }
  const lacks = todo(
    t('QUAY_TOKEN lacks the scopes {scopes}, without which it does not count that {account} is an admin. Renew it with them.', scopes),
  )
  const check = hint(
    t('Check in Quay that QUAY_TOKEN has the scopes {scopes}: that shows only where {account} is in an organization.', scopes),
  )
  const repositories = todo(
    t('QUAY_TOKEN lacks the scope {scope}, so commands on repositories refuse people. Renew it with {scopes}.', {
      scope: code('repo:admin'),
      scopes: memberScopes,
    }),
  )
  const token = scoped === undefined ? [check] : !scoped ? [lacks] : found.repositories === false ? [repositories] : []
  if (others.length === 0) return [...token, done(where)]
  const next = t(
    'Not yet in {organizations}{more, select, yes { and others} other {}}. Take ownership with {command}, or one of its admins adds {account} to a team of role admin.',
    { organizations: codes(others), more: found.more ? 'yes' : 'no', command: code(`/quay org take-ownership ${others[0]}`), account },
  )
  return [...token, todo(`${where} ${next}`)]
}

function syncChecks(found: SetUp, t: Translate): Check[] {
  if (!found.syncForAdmins) return []
  return [
    hint(
      t('Before Quay 3.17.4, teams are synchronized only in organizations where {account} is an admin.', { account: accountOf(found, t) }),
    ),
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
  'prune-repository': 'Auto-prune of one repository',
  'prune-pattern': 'Patterns in auto-prune policies',
  immutability: 'Immutable tags',
  quotas: 'Storage quotas',
  'quota-events': 'Notifications about quotas',
  'proxy-caches': 'Proxy caches',
  scans: 'Security scans',
  'team-sync': 'Team synchronization',
  'expiry-events': 'Notifications before images expire',
}

function lackSentence(lack: Lack, t: Translate) {
  const part = t.plain(parts[lack.part])
  if ('since' in lack) return t('{part}: Quay has it from 3.{since} on.', { part, since: String(lack.since) })
  if (lack.flags.length === 0) return t('{part}: it is switched off.', { part })
  const flags = lack.flags.map((flag) => `FEATURE_${flag}`)
  return t('{part}: {flags} {count, plural, one {is} other {are}} off.', { part, flags: codes(flags), count: flags.length })
}
