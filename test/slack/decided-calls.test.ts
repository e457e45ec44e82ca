import { ErrorCode } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { translator } from '../../src/core/i18n.ts'
import { message } from '../../src/slack/blocks.ts'
import { findChannel, isMember, isShared } from '../../src/slack/channels.ts'
import { failureOf, readRespondError, readSlackError, type SlackError, slackFailure } from '../../src/slack/errors.ts'
import { publishHome } from '../../src/slack/publish-home.ts'
import { type ReplyTo, reply } from '../../src/slack/reply.ts'
import { checkSlackToken, neededScopes } from '../../src/slack/token-check.ts'
import { findByEmail, findMembers, findSlackUser, idForAll, isAmong, peopleIn, presentAmong } from '../../src/slack/users.ts'
import { failureView } from '../../src/slack/views/failure.ts'
import { openRows, refusing, slackError } from '../notifications/rows.ts'

const rows = await openRows()
const { bot, slackAnswers, calledSlack } = rows
const { slack } = bot
const t = translator('en')
const refuses = (method: string, error: () => Error) => {
  slackAnswers[method] = refusing(error)
}
beforeEach(() => rows.forget())

describe('what an error of Slack’s means', () => {
  const platform = (error?: string, more: object = {}) => ({ code: ErrorCode.PlatformError, data: { error, ...more } })
  test.each([
    [
      { code: ErrorCode.RateLimitedError, retryAfter: 7 },
      { kind: 'limited', seconds: 7, error: 'ratelimited' },
    ],
    [{ code: ErrorCode.RateLimitedError }, { kind: 'limited', seconds: 1, error: 'ratelimited' }],
    [
      { code: ErrorCode.HTTPError, statusCode: 500 },
      { kind: 'lost', error: 'http_500' },
    ],
    [
      { code: ErrorCode.HTTPError, statusCode: 499 },
      { kind: 'refused', error: 'http_499', detail: '' },
    ],
    [{ code: ErrorCode.HTTPError }, { kind: 'refused', error: 'http_0', detail: '' }],
    [{ code: ErrorCode.RequestError }, { kind: 'lost', error: 'no_answer' }],
    [
      { code: ErrorCode.RequestError, original: { code: 'ECONNRESET' } },
      { kind: 'lost', error: 'ECONNRESET' },
    ],
    [
      { code: ErrorCode.RequestError, original: { code: 'ECONNREFUSED' } },
      { kind: 'unreachable', error: 'ECONNREFUSED' },
    ],
    [
      { code: ErrorCode.RequestError, original: { code: 'X', cause: { code: 'ENOTFOUND' } } },
      { kind: 'unreachable', error: 'ENOTFOUND' },
    ],
    [platform('ratelimited'), { kind: 'limited', seconds: 10, error: 'ratelimited' }],
    [platform('missing_scope', { needed: 'im:write' }), { kind: 'scope', scope: 'im:write', error: 'missing_scope' }],
    [platform('missing_scope', { needed: '' }), { kind: 'scope', scope: 'missing_scope', error: 'missing_scope' }],
    [platform('invalid_auth'), { kind: 'token', error: 'invalid_auth' }],
    [platform('is_archived'), { kind: 'channel', error: 'is_archived' }],
    [platform('user_not_found'), { kind: 'person', error: 'user_not_found' }],
    [platform('message_not_found'), { kind: 'gone', error: 'message_not_found' }],
    [platform('expired_trigger_id'), { kind: 'trigger', error: 'expired_trigger_id' }],
    [platform('internal_error'), { kind: 'lost', error: 'internal_error' }],
    [platform('odd', { response_metadata: { messages: ['x'] } }), { kind: 'refused', error: 'odd', detail: '{"messages":["x"]}' }],
    [{ code: ErrorCode.PlatformError }, { kind: 'refused', error: 'no error', detail: '{}' }],
    [new TypeError('a bug'), undefined],
    [undefined, undefined],
    [null, undefined],
  ])('%j', (thrown, read) => {
    expect(readSlackError(thrown)).toEqual(read)
  })

  test.each([
    [
      { code: 'slack_bolt_respond_error', statusCode: 429 },
      { kind: 'limited', seconds: 1, error: 'http_429' },
    ],
    [
      { code: 'slack_bolt_respond_error', statusCode: 400, message: 'no blocks' },
      { kind: 'refused', error: 'http_400', detail: 'no blocks' },
    ],
    [
      { code: 'slack_bolt_respond_error', statusCode: 422 },
      { kind: 'refused', error: 'http_422', detail: '' },
    ],
    [
      { code: 'slack_bolt_respond_error', statusCode: 404 },
      { kind: 'gone', error: 'http_404' },
    ],
    [{ code: 'slack_bolt_respond_error' }, { kind: 'gone', error: 'http_0' }],
    [{ cause: { code: 'ECONNREFUSED' } }, { kind: 'unreachable', error: 'ECONNREFUSED' }],
    [new Error('no answer in time'), { kind: 'lost', error: 'no_answer' }],
    [undefined, { kind: 'lost', error: 'no_answer' }],
  ])('of a response URL: %j', (thrown, read) => {
    expect(readRespondError(thrown)).toEqual(read)
  })

  test.each([
    [{ kind: 'limited', seconds: 1, error: 'x' }, 'unavailable', /rate-limiting/],
    [{ kind: 'lost', error: 'x' }, 'unavailable', /having problems/],
    [{ kind: 'unreachable', error: 'x' }, 'unavailable', /having problems/],
    [{ kind: 'scope', scope: 'im:write', error: 'x' }, 'conflict', /lacks the scope im:write/],
    [{ kind: 'token', error: 'token_revoked' }, 'conflict', /token_revoked/],
    [{ kind: 'channel', error: 'is_archived' }, 'conflict', /is archived/],
    [{ kind: 'channel', error: 'is_inactive' }, 'conflict', /is archived/],
    [{ kind: 'channel', error: 'not_in_channel' }, 'conflict', /Invite it with \/invite @quaymaster/],
    [{ kind: 'channel', error: 'channel_not_found' }, 'conflict', /no such channel/],
    [{ kind: 'channel', error: 'restricted_action' }, 'conflict', /not allowed to post/],
    [{ kind: 'person', error: 'user_not_found' }, 'not_found', /this user\./],
    [{ kind: 'person', error: 'no_such_subteam' }, 'not_found', /this user group/],
    [{ kind: 'person', error: 'plan_upgrade_required' }, 'not_found', /no user groups/],
    [{ kind: 'gone', error: 'x' }, 'conflict', /no longer exists/],
    [{ kind: 'trigger', error: 'x' }, 'conflict', /too long/],
  ] as [SlackError, string, RegExp][])('%j is told as %s', (problem, code, words) => {
    const failure = failureOf(problem)
    expect(failure).toMatchObject({ code, cause: problem.error })
    expect(failure && failureView(failure, t).text).toMatch(words)
  })

  test('what is a bug of ours is told as none', () => {
    expect(failureOf({ kind: 'refused', error: 'invalid_blocks', detail: '' })).toBeUndefined()
    expect([slackFailure(new Error('x')), slackFailure(slackError.lost())?.code]).toEqual([undefined, 'unavailable'])
  })
})

describe('a reply', () => {
  const shown = message('Done')
  const gone = Object.assign(new Error('404'), { code: 'slack_bolt_respond_error', statusCode: 404 })
  let responded: object[] = []
  const respond = (error?: Error) =>
    (async (given: object) => {
      responded.push(given)
      if (error) throw error
    }) as unknown as NonNullable<ReplyTo['respond']>
  const replies = (to: Omit<ReplyTo, 'user'>) => reply(slack, bot.log, { user: 'U1', ...to }, shown)
  const methods = () => rows.slackCalls.map(({ method, given }) => `${method} ${given.channel}`)
  beforeEach(() => {
    responded = []
  })

  test.each([
    [{}, { response_type: 'ephemeral', replace_original: false }],
    [
      { visible: true, replace: true },
      { response_type: 'in_channel', replace_original: true },
    ],
  ])('goes by the response URL first: %j', async (to, sent) => {
    expect(await replies({ channel: 'C1', respond: respond(), ...to })).toBe('channel')
    expect(responded).toMatchObject([{ text: 'Done', ...sent }])
    expect(methods()).toEqual([])
  })

  test('then as an ephemeral message in its channel and thread, then as a direct message', async () => {
    expect(await replies({ channel: 'C1', thread: '1.1', respond: respond(gone) })).toBe('channel')
    expect(await replies({ channel: 'C1' })).toBe('channel')
    expect(calledSlack('chat.postEphemeral')).toMatchObject([{ channel: 'C1', user: 'U1', thread_ts: '1.1' }, { channel: 'C1' }])
    expect(calledSlack('chat.postEphemeral')[1]).not.toHaveProperty('thread_ts')
    refuses('chat.postEphemeral', () => slackError.platform('user_not_in_channel'))
    rows.slackCalls.length = 0
    expect(await replies({ channel: 'C1', thread: '1.1' })).toBe('direct')
    expect(methods()).toEqual(['chat.postEphemeral C1', 'chat.postMessage U1'])
    expect(calledSlack('chat.postMessage')[0]).not.toHaveProperty('thread_ts')
  })

  test.each([
    [{}, { channel: 'U1', thread_ts: undefined }],
    [
      { channel: 'D1', thread: '1.1', isDirect: true },
      { channel: 'D1', thread_ts: '1.1' },
    ],
    [{ isDirect: true }, { channel: 'U1', thread_ts: undefined }],
  ])('without a channel, or in the direct message, it is posted there: %j', async (to, sent) => {
    expect(await replies(to)).toBe('direct')
    expect(calledSlack('chat.postEphemeral')).toEqual([])
    expect(calledSlack('chat.postMessage').map(({ channel, thread_ts }) => ({ channel, thread_ts }))).toEqual([sent])
  })

  test('after a lost answer it is not repeated', async () => {
    refuses('chat.postEphemeral', slackError.lost)
    expect(await replies({ channel: 'C1' })).toBe('unknown')
    expect(await replies({ channel: 'C1', respond: respond(new Error('late')) })).toBe('unknown')
    expect(calledSlack('chat.postMessage')).toEqual([])
  })

  test('an error that is not Slack’s is thrown; where no way is left, so is what Slack said last', async () => {
    refuses('chat.postEphemeral', () => new TypeError('a bug'))
    await expect(replies({ channel: 'C1' })).rejects.toThrow('a bug')
    refuses('chat.postMessage', () => slackError.platform('is_archived'))
    await expect(replies({})).rejects.toMatchObject({ code: 'conflict' })
    refuses('chat.postMessage', () => slackError.platform('odd_refusal'))
    await expect(replies({})).rejects.toThrow('Slack takes no reply: odd_refusal')
  })
})

describe('channels', () => {
  const answers = (channel: object | undefined) => {
    slack.people.clear()
    slackAnswers['conversations.info'] = () => ({ ok: true, channel })
  }
  test.each([
    [{ is_member: true }, false, true],
    [{ is_member: true, is_ext_shared: true }, true, true],
    [{ is_pending_ext_shared: true }, true, false],
    [undefined, false, false],
  ])('%j: shared %s, member %s', async (channel, shared, member) => {
    answers(channel)
    expect(await findChannel(slack, 'C1')).toEqual({ shared, member })
    answers(channel)
    expect(await isShared(slack, 'C1')).toBe(shared)
  })

  test('a direct message is asked of nobody; a member is remembered, others are asked again', async () => {
    for (const id of ['D1', 'U1', 'W1']) expect(await findChannel(slack, id)).toEqual({ shared: false, member: true })
    expect(await isShared(slack, 'D1')).toBe(false)
    expect(rows.slackCalls).toEqual([])
    answers({ is_member: true })
    await findChannel(slack, 'C1')
    await findChannel(slack, 'C1')
    expect(rows.slackCalls).toHaveLength(1)
    answers({ is_member: false })
    await findChannel(slack, 'C1')
    await findChannel(slack, 'C1')
    expect(rows.slackCalls).toHaveLength(3)
  })

  test('one that Slack does not know is none; another error is thrown', async () => {
    refuses('conversations.info', () => slackError.platform('channel_not_found'))
    expect(await findChannel(slack, 'C1')).toBeUndefined()
    refuses('conversations.info', slackError.lost)
    await expect(findChannel(slack, 'C1')).rejects.toThrow('lost')
  })

  test('members are read page by page, twenty at most', async () => {
    const page = (members: string[] | undefined, next_cursor?: string) => ({ members, response_metadata: { next_cursor } })
    slackAnswers['conversations.members'] = ({ cursor }: { cursor: string }) => (cursor === '' ? page(['U1'], 'p2') : page(['U2'], ''))
    expect([await isMember(slack, 'C1', 'U1'), await isMember(slack, 'C1', 'U2'), await isMember(slack, 'C1', 'U3')]).toEqual([
      true,
      true,
      false,
    ])
    expect(rows.slackCalls).toHaveLength(5)
    rows.slackCalls.length = 0
    slackAnswers['conversations.members'] = () => page(undefined, 'more')
    expect(await isMember(slack, 'C1', 'U1')).toBe(false)
    expect(rows.slackCalls).toHaveLength(20)
  })
})

describe('people', () => {
  const users: Record<string, object> = {}
  beforeEach(() => {
    for (const id of Object.keys(users)) delete users[id]
    slackAnswers['users.info'] = ({ user }: { user: string }) => {
      if (!users[user]) throw slackError.platform('user_not_found')
      return { ok: true, user: { id: user, team_id: 'T0ACME', ...users[user] } }
    }
    slackAnswers['usergroups.users.list'] = undefined as never
  })
  afterEach(() => {
    slack.enterprise = undefined
  })
  const external = async (more: object) => {
    users.U1 = more
    return (await findSlackUser(slack, 'U1', { bypassCache: true })).external
  }

  test.each([
    [{}, undefined],
    [{ deleted: true }, 'deactivated'],
    [{ is_bot: true }, 'bot'],
    [{ is_app_user: true }, 'bot'],
    [{ is_workflow_bot: true }, 'bot'],
    [{ id: 'USLACKBOT' }, 'bot'],
    [{ team_id: 'T0OTHER' }, 'outside'],
    [{ team_id: 'T0OTHER', enterprise_user: { teams: ['T0ACME'] } }, undefined],
    [{ team_id: 'T0OTHER', enterprise_user: { teams: ['T9'], enterprise_id: 'E1' } }, 'outside'],
    [{ is_stranger: true }, 'outside'],
    [{ is_restricted: true }, 'guest'],
    [{ is_ultra_restricted: true }, 'guest'],
    [{ is_invited_user: true }, 'guest'],
  ])('%j: %s', async (more, wanted) => {
    expect(await external(more)).toBe(wanted)
  })

  test('on a grid whoever is in it is here', async () => {
    slack.enterprise = 'E1'
    expect(await external({ team_id: 'T0OTHER', enterprise_user: { id: 'W1', enterprise_id: 'E1' } })).toBeUndefined()
    expect(await external({ team_id: 'T0OTHER', enterprise_user: { enterprise_id: 'E2' } })).toBe('outside')
    expect(slack.aliases.get('U1')).toBe('W1')
  })

  test('a name is the shown one before the real one before the id; an address counts once confirmed', async () => {
    const read = async (more: object) => {
      users.U1 = more
      const { name, email } = await findSlackUser(slack, 'U1', { bypassCache: true })
      return [name, email]
    }
    const profile = { display_name: 'bea', real_name: 'Bea B', email: 'bea@example.com' }
    expect(await read({ profile, is_email_confirmed: true })).toEqual(['bea', 'bea@example.com'])
    expect(await read({ profile: { ...profile, display_name: '' }, is_email_confirmed: false })).toEqual(['Bea B', undefined])
    expect(await read({ profile: {}, real_name: 'Bea C', name: 'b' })).toEqual(['Bea C', undefined])
    expect(await read({ name: 'b' })).toEqual(['b', undefined])
    expect(await read({})).toEqual(['U1', undefined])
  })

  test('who is gone is noted once, and no more when they are back', async () => {
    expect(await findSlackUser(slack, 'U9')).toMatchObject({ external: 'gone', one: 'U9', name: 'U9' })
    expect(slack.unknown.get('U9')).toBe('user_not_found')
    users.U9 = {}
    await findSlackUser(slack, 'U9', { bypassCache: true })
    expect(slack.unknown.has('U9')).toBe(false)
    refuses('users.info', slackError.lost)
    await expect(findSlackUser(slack, 'U8')).rejects.toThrow('lost')
    for (let index = 0; index < 200; index += 1) slack.unknown.set(`X${index}`, 'x')
    refuses('users.info', () => slackError.platform('user_not_visible'))
    await findSlackUser(slack, 'U7')
    expect(slack.unknown.has('U7')).toBe(false)
  })

  const group = (members: string[] | (() => never)) => {
    Object.assign(slack.directory, {})
    const list = async ({ usergroup }: { usergroup: string }) => {
      rows.slackCalls.push({ method: 'usergroups.users.list', given: { usergroup } })
      return { users: typeof members === 'function' ? members() : members }
    }
    const directory = new Proxy(slack.directory, {
      get: (client, name) => (name === 'usergroups' ? { users: { list } } : Reflect.get(client, name, client)),
    })
    return { ...slack, directory }
  }

  test('groups stand for their members; one that is gone has none', async () => {
    expect(await peopleIn(group(['U1', 'U2']), ['U0', 'S1'])).toEqual(['U0', 'U1', 'U2'])
    slack.people.clear()
    expect(await findMembers(group(refusing(() => slackError.platform('no_such_subteam'))), 'S1')).toEqual([])
    slack.people.clear()
    await expect(findMembers(group(refusing(slackError.lost)), 'S1')).rejects.toThrow('lost')
  })

  test('somebody is among people by their id, by a group, or by the id that all their ids have', async () => {
    Object.assign(users, { U1: {}, U2: {}, W1: { enterprise_user: { id: 'W1' } }, U3: { enterprise_user: { id: 'W1' } }, U4: {} })
    const acme = group(['U2'])
    expect(await isAmong(acme, 'U1', ['U1', 'S1'])).toBe(true)
    expect(rows.slackCalls).toEqual([])
    expect(await isAmong(acme, 'U2', ['U1', 'S1'])).toBe(true)
    expect(await isAmong(acme, 'U4', ['U1', 'S1'])).toBe(false)
    expect(await isAmong(acme, 'W1', ['U3'])).toBe(true)
    expect(await isAmong(acme, 'U3', ['W1'])).toBe(true)
    expect(await isAmong(acme, 'U3', ['U4'])).toBe(false)
    expect([await idForAll(slack, 'U3'), await idForAll(slack, 'S1')]).toEqual(['W1', 'S1'])
  })

  test('those who exist may be mentioned; an address that Slack does not know is nobody’s', async () => {
    Object.assign(users, { U1: {}, U2: { deleted: true } })
    expect(await presentAmong(group(['U1']), ['U1', 'U2', 'U9', 'S1'])).toEqual(['U1', 'S1'])
    slack.people.clear()
    expect(await presentAmong(group([]), ['S1'])).toEqual([])
    slackAnswers['users.lookupByEmail'] = () => ({ user: { id: 'U1' } })
    expect(await findByEmail(slack, 'a@example.com')).toBe('U1')
    refuses('users.lookupByEmail', () => slackError.platform('users_not_found'))
    expect(await findByEmail(slack, 'a@example.com')).toBeUndefined()
  })
})

describe('the home and the token', () => {
  const publish = (hash: string | null = 'h1') => publishHome(slack, { person: 'U1', hash }, { type: 'home', blocks: [] })
  test('a home that changed in between is published once more, without a hash; others are told as they are', async () => {
    slackAnswers['views.publish'] = () => ({ view: { hash: 'h2' } })
    expect([await publish(), await publish(null)]).toEqual([{ hash: 'h2' }, { hash: 'h2' }])
    expect(calledSlack('views.publish').map(({ hash }) => hash)).toEqual(['h1', undefined])
    slackAnswers['views.publish'] = () => ({})
    expect(await publish()).toEqual({ hash: '' })
    slackAnswers['views.publish'] = ({ hash }: { hash?: string }) => {
      if (hash) throw slackError.platform('hash_conflict')
      return { view: { hash: 'h3' } }
    }
    expect(await publish()).toEqual({ hash: 'h3' })
  })

  test.each([
    [() => slackError.limited(7), { limited: 7 }],
    [slackError.lost, { limited: 10 }],
    [() => new Error('a bug'), { limited: 10 }],
    [() => slackError.platform('not_enabled'), { refused: 'not_enabled' }],
    [() => slackError.platform('hash_conflict'), { refused: 'hash_conflict' }],
  ])('refused: %#', async (error, wanted) => {
    refuses('views.publish', error)
    expect(await publish()).toEqual(wanted)
  })

  test.each([
    [
      () => ({ response_metadata: { scopes: [...neededScopes, 'im:history'] } }),
      { state: 'well', missing: [], unheard: ['app_mentions:read'] },
    ],
    [
      () => ({ response_metadata: { scopes: neededScopes.slice(1) } }),
      { state: 'well', missing: ['commands'], unheard: ['app_mentions:read', 'im:history'] },
    ],
    [() => ({}), { state: 'well', missing: [], unheard: [] }],
    [refusing(() => slackError.platform('token_revoked')), { state: 'refused', missing: [], unheard: [] }],
    [refusing(() => slackError.platform('odd')), { state: 'unknown', missing: [], unheard: [] }],
    [refusing(slackError.lost), { state: 'unknown', missing: [], unheard: [] }],
  ])('the token: %#', async (answer, wanted) => {
    slackAnswers['auth.test'] = answer
    expect(await checkSlackToken(slack)).toEqual(wanted)
  })
})
