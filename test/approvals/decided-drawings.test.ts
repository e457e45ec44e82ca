import { beforeAll, describe, expect, test } from 'vitest'
import { backgroundNotes } from '../../src/approvals/background-views.ts'
import { requestMessage } from '../../src/approvals/card.ts'
import { decidingButtons, requestButtons } from '../../src/approvals/card-buttons.ts'
import { decidersView, namespacesOf, whoCanApprove } from '../../src/approvals/deciders-view.ts'
import { endMessage, followedEnd } from '../../src/approvals/end-message.ts'
import { factLines, noteText } from '../../src/approvals/fact-views.ts'
import { inputRows } from '../../src/approvals/input-rows.ts'
import type { RequestState } from '../../src/approvals/request.ts'
import { requestWord } from '../../src/approvals/state-label.ts'
import { commentBlocks, sameNotes } from '../../src/approvals/talk/views.ts'
import { calledBy, noteMessage, type ThreadNote } from '../../src/approvals/thread-note-views.ts'
import { shownValue, typed } from '../../src/approvals/typed.ts'
import { denierText, votersText, voterText } from '../../src/approvals/voter-text.ts'
import { wayOf } from '../../src/approvals/way.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { translator } from '../../src/core/i18n.ts'
import { bold } from '../../src/slack/blocks.ts'
import { linesOf, requestOf, ruleOf, storyWith, voteOf } from './made-up.ts'

// What is drawn of a request in each state for each reader, by the functions alone. The snapshots are read as the card is.

beforeAll(() => loadCommands())

const t = translator('en')
const states: RequestState[] = ['pending', 'approved', 'running', 'succeeded', 'failed', 'unknown', 'denied', 'expired', 'withdrawn']
const audiences = ['card', 'approver', 'requester', 'reader'] as const
const done = {
  name: 'globex/web',
  url: 'https://quay.example.com/repository/globex/web',
  visibility: 'private' as const,
  description: '',
  asAsked: true,
}
const failure = { message: '{object} not found in Quay.', values: { object: 'globex/web' } }
const right = { message: 'You need to be an *admin* of {object}.', values: { object: 'globex' } }
const step = (state: 'left' | 'failed' | 'done') => ({ name: { message: 'Repository {name}', values: { name: 'x' } }, state })
const behalf = { id: 'U0DORA', one: 'U0DORA', account: 'quayadmin', name: 'dora' }

describe.each(audiences)('for the %s', (audience) => {
  test('in each state', () => {
    const drawn = states.map((state) => {
      const request = requestOf({
        state,
        reason: 'shop',
        result: state === 'succeeded' ? done : null,
        failure: state === 'failed' ? failure : null,
      })
      const votes = [
        ...(state === 'pending' || state === 'expired' || state === 'withdrawn' ? [] : [voteOf('bea')]),
        ...(state === 'denied' ? [voteOf('carl', { decision: 'denied', reason: 'too early' })] : []),
      ]
      const { text, blocks } = requestMessage(request, storyWith({ votes }), t, audience)
      return [state, text, ...linesOf({ blocks })]
    })
    expect(drawn).toMatchSnapshot()
  })

  test('with all that can be known', () => {
    const request = requestOf({
      operation: 'repo delete',
      input: { repository: 'acme/web' },
      facts: { seen: null, facts: { tags: 3, digest: null }, problem: failure },
      note: {
        message: 'Changed since: {changed}. Review it again. Earlier approvals no longer count.',
        values: { changed: 'tags,nonsense' },
      },
      cardProblem: 'is_archived',
      about: {
        right,
        names: { U0DORA: 'dora' },
        similar: ['acme/web2'],
        quota: { namespace: 'acme', limit: 2_000_000_000, used: 500_000_000 },
        held: [
          { object: 'acme/web', permission: 'none' },
          { object: 'acme/api', permission: 'write' },
        ],
        earlier: { all: 3, done: 2, denied: 1 },
        peers: { kind: 'role', object: 'acme/web', role: 'admin', users: 1, teams: 2, robots: 0 },
      },
    })
    const story = storyWith({
      votes: [voteOf('bea', { entitled: false })],
      comments: [
        { name: 'bea', by: 'approver', said: 'why?' },
        { name: 'alice', by: 'requester', said: 'so' },
      ],
      followers: [{ name: 'ivan' }],
      same: [
        { id: 'secondone', name: 'hana', known: false },
        { id: 'thirdones', name: 'carl', known: true },
      ],
    })
    const { text, blocks } = requestMessage(request, story, t, audience, ['U0DORA', 'U0BEA'])
    expect([text, ...linesOf({ blocks })]).toMatchSnapshot()
  })
})

const line = (change: Parameters<typeof requestOf>[0], ...votes: ReturnType<typeof voteOf>[]) => {
  const { text } = requestMessage(requestOf(change), storyWith({ votes }), t, 'reader')
  return text.slice(text.indexOf('globex/web') + 13)
}

test('how many approvals are missing, and who gave them', () => {
  const two = ruleOf({ needed: 2 })
  expect(line({ rule: two })).toContain('Needs 2 approvals.')
  expect(line({ rule: two }, voteOf('bea'))).toContain('Approved by *bea*. Needs 1 more.')
  expect(line({}, voteOf('bea'))).toContain('Approved by *bea*. Needs 1 more.')
  expect(line({ rule: ruleOf({ needed: 3 }) }, voteOf('bea'))).toContain('Needs 2 more.')
  expect(line({ state: 'succeeded' }, voteOf('bea'), voteOf('carl'))).toContain('Approved by *bea* and *carl* and done.')
  expect(line({ state: 'succeeded' }, voteOf('bea'), voteOf('carl', { entitled: false }))).toContain(
    'Approved by *bea* and done. Also approved by *carl*.',
  )
  expect(line({ state: 'failed' }, voteOf('bea'), voteOf('carl', { entitled: false }))).toContain(
    'Approved by *bea* and *carl*, but it failed.',
  )
  expect(line({ state: 'denied' }, voteOf('bea'), voteOf('carl', { decision: 'denied' }))).toContain('Denied by *carl*.')
  expect(line({ state: 'pending' }, voteOf('carl', { decision: 'denied' }))).toContain('Needs 1 approval.')
})

const outcome = (change: Parameters<typeof requestOf>[0]) =>
  linesOf(requestMessage(requestOf(change), storyWith(), t, 'reader')).filter(
    (one) => !/requests approval|^• |^context: Request|^:/.test(one),
  )

test('what came of it', () => {
  expect({
    done: outcome({ state: 'succeeded', result: done }),
    stepsLeft: outcome({ state: 'succeeded', result: done, steps: [step('done'), step('left')] }),
    noResult: outcome({ state: 'succeeded' }),
    failed: outcome({ state: 'failed', failure }),
    failedSomehow: outcome({ state: 'failed' }),
    pendingWithFailure: outcome({ failure, result: done }),
    unknownThere: outcome({ state: 'unknown', found: { kind: 'found', result: done } }),
    unknownNot: outcome({ state: 'unknown', found: { kind: 'nothing' }, failure }),
    unknownUnread: outcome({ state: 'unknown', found: { kind: 'unreadable' } }),
    unknownAtAll: outcome({ state: 'unknown', operation: 'no such command' }),
    unknownToLook: outcome({ state: 'unknown', operation: 'robot rotate', input: { robot: 'acme+ci' } }),
    noted: outcome({ note: { message: 'A note.', values: {} } }),
  }).toMatchSnapshot()
})

test('the problem of a channel is told to the requester, in its own words', () => {
  const told = (cardProblem: string) => outcomeOfRequester(cardProblem)
  const outcomeOfRequester = (cardProblem: string) =>
    linesOf(requestMessage(requestOf({ cardProblem }), storyWith(), t, 'requester')).filter((one) => one.includes('C0APPROVALS'))
  expect(['is_archived', 'is_inactive', 'shared', 'channel_not_found'].map(told)).toMatchSnapshot()
  expect(linesOf(requestMessage(requestOf({ cardProblem: 'shared' }), storyWith(), t, 'card')).join()).not.toContain('C0APPROVALS')
})

const buttonsOf = (
  change: Parameters<typeof requestOf>[0],
  audience: (typeof audiences)[number],
  comments: { name: string; by: 'approver'; said: string }[] = [],
) => linesOf({ blocks: requestButtons(requestOf(change), { comments }, t, audience) })
const asked = [{ name: 'bea', by: 'approver' as const, said: 'why?' }]
const secret = { id: 'secret', what: { message: 'Password', values: {} }, person: 'U0ALICE' }

test('the buttons of each state, for those who decide and for the requester', () => {
  const approve = '[Approve request:approve=abcdefghj seen primary]'
  const deny = '[Deny request:deny=abcdefghj seen danger]'
  expect(buttonsOf({}, 'card')).toEqual([`${approve} ${deny} [Comment request:comment=abcdefghj seen]`])
  expect(buttonsOf({}, 'reader')).toEqual([])
  expect(buttonsOf({}, 'requester')).toEqual(['[Withdraw request:withdraw=abcdefghj seen]'])
  expect(buttonsOf({}, 'requester', asked)).toEqual(['[Withdraw request:withdraw=abcdefghj seen] [Answer request:comment=abcdefghj seen]'])
  const retry = ['[Retry request:retry=abcdefghj seen primary]']
  for (const who of ['card', 'approver', 'requester'] as const) {
    expect(buttonsOf({ state: 'succeeded', steps: [step('done'), step('failed')] }, who)).toEqual(retry)
    expect(buttonsOf({ state: 'succeeded', steps: [step('done')] }, who)).toEqual([])
    expect(buttonsOf({ state: 'succeeded' }, who)).toEqual([])
    expect(buttonsOf({ state: 'running', steps: [step('left')] }, who)).toEqual([])
    for (const state of ['denied', 'expired', 'failed', 'approved', 'withdrawn'] as const)
      expect(buttonsOf({ state }, who, asked)).toEqual([])
  }
  expect(buttonsOf({ state: 'unknown' }, 'approver')).toEqual([
    '[It was done request:happened=abcdefghj seen] [It was not done request:nothing=abcdefghj seen] [Run it again request:again=abcdefghj seen danger confirmed]',
  ])
  expect(buttonsOf({ state: 'unknown' }, 'requester')).toEqual([])
  expect(buttonsOf({ state: 'succeeded', secret }, 'requester')).toHaveLength(1)
  expect(buttonsOf({ state: 'succeeded', secret }, 'requester').join()).toContain('secret')
  expect(buttonsOf({ state: 'succeeded', secret: { ...secret, person: 'U0HANA' } }, 'requester')).toEqual([])
  expect(buttonsOf({ state: 'succeeded', secret }, 'card')).toEqual([])
  const short = (change: Parameters<typeof requestOf>[0]) => linesOf({ blocks: decidingButtons(requestOf(change), t) })
  expect(short({})).toEqual([`${approve} ${deny}`])
  expect(short({ state: 'unknown' })).toEqual([])
})

test('what destroys or overwrites is approved only after a second question', () => {
  const isAskedTwice = (operation: string, input: Record<string, unknown>) =>
    buttonsOf({ operation, input }, 'card').join().includes('primary confirmed')
  expect(isAskedTwice('repo delete', { repository: 'acme/web' })).toBe(true)
  expect(isAskedTwice('tag move', { repository: 'acme/web', tag: 'a', to: 'b' })).toBe(true)
  expect(isAskedTwice('repo create', requestOf().input)).toBe(false)
  expect(isAskedTwice('permission grant', { repository: 'acme/web', to: 'bea', role: 'read' })).toBe(false)
  expect(isAskedTwice('no such command', {})).toBe(false)
})

const told = (state: RequestState, change: Parameters<typeof requestOf>[0] = {}, ...votes: ReturnType<typeof voteOf>[]) => {
  const request = requestOf({ state, ...change })
  const [own, followed] = [endMessage(request, votes, t), followedEnd(request, votes, t)]
  return [own?.text, ...(own ? linesOf(own) : []), followed?.text]
}

test('what the requester and who follows are told at each end', () => {
  expect({
    ...Object.fromEntries(states.map((state) => [state, told(state, {}, voteOf('bea'))])),
    deniedWhy: told('denied', {}, voteOf('bea'), voteOf('carl', { decision: 'denied', reason: 'too early' })),
    deniedSo: told('denied', {}, voteOf('carl', { decision: 'denied', behalf })),
    done: told('succeeded', { result: done }, voteOf('bea')),
    doneNow: told('succeeded', { operation: 'no such command', result: done }, voteOf('bea')),
    failed: told('failed', { failure, result: done }, voteOf('bea')),
    unknown: told('unknown', { failure, result: done }, voteOf('bea')),
  }).toMatchSnapshot()
})

test('the notes in the thread of a card, and whom they mention', () => {
  const notes: ThreadNote[] = ['denied', 'failed', 'unknown', 'first-reminder', 'reminder', 'escalated']
  const denied = voteOf('carl', { decision: 'denied', reason: 'too early' })
  const drawn = (votes: ReturnType<typeof voteOf>[], called: string[], change = {}) =>
    notes.map((note) => {
      const { text, blocks } = noteMessage(requestOf({ failure, ...change }), votes, note, called, t)
      return [note, text, ...linesOf({ blocks })]
    })
  expect(drawn([voteOf('bea'), denied], ['U0DORA', 'S0PLATFORM'])).toMatchSnapshot()
  expect(drawn([voteOf('carl', { decision: 'denied' })], [], { failure: null })).toMatchSnapshot()
  const rule = ruleOf({ escalate: { after: '2d', to: ['S0PLATFORM'] } })
  const called = (note: ThreadNote, request = requestOf({ rule })) => calledBy(request, note, ['U0DORA'])
  expect(notes.map((note) => called(note))).toEqual([[], [], [], ['U0DORA'], ['U0DORA'], ['S0PLATFORM']])
  expect(called('escalated', requestOf())).toEqual([])
})

test('effects, what the requester has, what others have, and earlier requests', () => {
  const notes = (change: Parameters<typeof requestOf>[0]) => linesOf({ blocks: backgroundNotes(requestOf(change), t) })
  const about = (more: object) => notes({ about: { right: null, ...more } })
  expect(notes({})).toEqual([])
  expect(notes({ operation: 'no such command' })).toEqual([])
  const grant = { operation: 'permission grant', input: { repository: 'acme/web', to: 'bea', role: 'read' } }
  expect({
    public: notes({ input: { ...requestOf().input, visibility: 'public' } }),
    forever: notes(grant),
    for: notes({ ...grant, input: { ...grant.input, for: '8h' } }),
    until: notes({ ...grant, input: { ...grant.input, until: '2026-12-24T18:00:00Z' } }),
    deletes: notes({ operation: 'repo delete', input: { repository: 'acme/web' } }),
    first: about({ earlier: { all: 0, done: 0, denied: 0 } }),
    second: about({ earlier: { all: 1, done: 1, denied: 0 } }),
    creators: about({ peers: { kind: 'creators', namespace: 'acme', users: 1 } }),
    role: about({ peers: { kind: 'role', object: 'acme/web', role: 'write', users: 2, teams: 1, robots: 3 } }),
    none: about({ held: [] }),
    held: about({ held: [{ object: 'acme/web', permission: 'read' }] }),
  }).toMatchSnapshot()
})

test('facts, each in its form; unknown ones and what stays the same are not shown', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const facts = {
    tags: 3,
    digest,
    short: 'sha256:ab',
    expires: '2026-12-24T18:00:00Z',
    size: 1_500_000,
    role: 'read',
    nonsense: 1,
    members: ['a', 'b'],
    enabled: true,
  }
  const lines = linesOf({ blocks: factLines(facts, t) })
  expect(lines).toMatchSnapshot()
  expect(lines.join()).not.toContain('nonsense')
  expect(factLines({}, t)).toEqual([])
  expect(factLines({ nonsense: 1 }, t)).toEqual([])
  const note = { message: 'Changed since: {changed}.', values: { changed: 'tags,nonsense' } }
  expect(noteText(note, t, true)).toMatch(/^Changed since: (?!the object)/)
  expect(noteText(note, t, true)).not.toContain('nonsense')
  expect(noteText(note, t, false)).toBe('Changed since: the object of this request.')
  expect(noteText({ ...note, values: { changed: 'nonsense' } }, t, true)).toBe('Changed since: the object of this request.')
  expect(noteText({ message: 'A {word}.', values: { word: 'note' } }, t, false)).toBe('A note.')
})

test('who can approve: admins of what is named, superusers, and those named', () => {
  const called = (id: string) => bold(id)
  const who = (approvers: string[], namespaces?: string[]) =>
    whoCanApprove(ruleOf({ approvers: approvers as never }), namespaces, t, called)
  const all = ['quay:namespace-admin', 'quay:superuser', 'U0DORA']
  expect(who(all, ['acme'])).toBe('admins of `acme`, Quay superusers, or *U0DORA*')
  expect(who(all, [])).toBe('Quay superusers or *U0DORA*')
  expect(who(all)).toBe('admins of the namespace, Quay superusers, or *U0DORA*')
  expect(who(['quay:namespace-admin'], [])).toBe('admins of the namespace')
  expect(who(['quay:namespace-admin'], ['acme', 'globex'])).toBe('admins of `acme`, `globex`')
  expect(decidersView(ruleOf({ needed: 2 }), t)).toBe('2 approvals are needed in <#C0APPROVALS> (policy “one”). Approvers: <@U0DORA>.')
  expect(namespacesOf('repo create', { repository: 'Acme/web' })).toEqual(['acme'])
  expect(namespacesOf('no such command', {})).toBeUndefined()
})

test('what was said and who wants the same', () => {
  const story = storyWith({
    comments: [
      { name: 'bea', by: 'approver', said: 'why?' },
      { name: 'alice', by: 'requester', said: 'so' },
    ],
    followers: [{ name: 'ivan' }, { name: 'hana' }],
    same: [
      { id: 'one', name: 'hana', known: false },
      { id: 'two', name: 'carl', known: true },
    ],
  })
  expect(linesOf({ blocks: commentBlocks(story, t) }).filter((one) => one.startsWith('*'))).toEqual([
    '*bea* commented:',
    '*alice* answered:',
  ])
  const notes = (all: boolean, of = story) => linesOf({ blocks: sameNotes(of, t, { all }) })
  expect(notes(true)).toEqual([
    'context: Also requested by *hana* (`one`) and *carl* (`two`).',
    'context: Followed by *ivan* and *hana*, who want the same.',
  ])
  expect(notes(false)[0]).toBe('context: Also requested by *carl* (`two`).')
  expect(notes(true, storyWith())).toEqual([])
})

test('who voted, and for whom', () => {
  const deputy = voteOf('bea', { behalf })
  expect(voterText(deputy, t).markup).toBe('*bea* (for *dora*)')
  expect(votersText([voteOf('carl'), deputy], t).markup).toBe('*carl* and *bea* (for *dora*)')
  expect(denierText([voteOf('carl'), voteOf('bea', { decision: 'denied', behalf })], t).markup).toBe('*bea* (for *dora*)')
  expect(denierText([voteOf('carl')], t).markup).toBe(bold('').markup)
})

test('the way of a request, and its word in a list', () => {
  const way = (state: RequestState, votes = [voteOf('bea'), voteOf('carl', { decision: 'denied' })]) =>
    JSON.stringify(wayOf(requestOf({ state }), votes, t)).match(/"status":"\w+"|Approved \(\d of \d\)|Run [a-z ]+/g)
  expect(Object.fromEntries(states.map((state) => [state, [requestWord(state, t), ...(way(state) ?? [])]]))).toMatchSnapshot()
  expect(way('pending', [])).toContain('Approved (0 of 1)')
  expect(way('succeeded', [voteOf('bea'), voteOf('carl')])).toContain('Approved (2 of 2)')
})

test('the command as somebody would type it: as many words as fit, and how long', () => {
  const of = (operation: string, input: Record<string, unknown>) => typed({ operation, input })
  expect(of('permission grant', { repository: 'acme/web', to: 'bea', role: 'write', for: '8h' })).toBe(
    '/quay permission grant acme/web bea write for=8h',
  )
  expect(of('permission grant', { repository: 'acme/web', to: 'two words', role: 'write' })).toBe('/quay permission grant acme/web')
  expect(of('permission grant', { repository: 'x'.repeat(60), to: 'y'.repeat(61), role: 'write' })).toBe(
    `/quay permission grant ${'x'.repeat(60)}`,
  )
  expect(of('permission grant', { repository: 'acme/web', to: 'bea', role: 'read', until: 'friday 18:00' })).toBe(
    '/quay permission grant acme/web bea read',
  )
  expect(of('no such command', { repository: 'acme/web' })).toBe('/quay no such command')
  const id = '1efb4334-1781-407c-aab1-d7a02c000001'
  expect([shownValue('build', id), shownValue(undefined, id), shownValue('build', 3)]).toEqual(['1efb4334', id, 3])
})

test('what was entered, without empty fields and credentials', () => {
  const rows = (name: string, entered: Parameters<typeof inputRows>[1]) => {
    const command = commands.get(name)
    return command ? inputRows(command, entered, t) : []
  }
  const input = { repository: 'acme/web', visibility: 'private', description: '', to: [] }
  const some = rows('repo create', { input, ids: 'short' })
  expect(some).toMatchSnapshot()
  const mirror = { repository: 'acme/web', 'external-reference': 'quay.io/x/y', password: 'never shown' }
  for (const name of ['mirror create', 'mirror setup', 'repo mirror']) {
    if (!commands.has(name)) continue
    expect(rows(name, { input: mirror, sealed: true, ids: 'whole' }).join()).not.toContain('never shown')
  }
  const secrets = [...commands].find(([, command]) =>
    JSON.stringify(inputRows(command, { input: {}, sealed: true, ids: 'short' }, t)).includes('encrypted'),
  )
  expect(secrets).toBeDefined()
  if (secrets) expect(inputRows(secrets[1], { input: {}, ids: 'short' }, t)).toEqual([])
})
