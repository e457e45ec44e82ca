import { expect } from 'vitest'
import { decide } from '../../src/approvals/decide.ts'
import type { Environment } from '../../src/core/config.ts'
import type { PolicyFile } from '../../src/core/policy.ts'
import { policyOf } from '../../src/core/policy.ts'
import { requests } from '../../src/db/schema.ts'
import type { PersonAtSlack, Seen } from '../people.ts'
import { startBot } from '../start-bot.ts'

type Written = NonNullable<PolicyFile['approvals']>[number]

/** The sandbox's first rule, with what a test wants otherwise. */
export function newRepositories(change: Partial<Written> = {}) {
  return policyOf({
    approvals: [
      {
        name: 'new repositories',
        operations: ['repo create'],
        channel: 'C0APPROVALS',
        approvers: ['U0DORA', 'quay:namespace-admin'],
        remind: ['4h', '1d'],
        escalate: { after: '2d', to: ['S0PLATFORM'] },
        ...change,
      },
    ],
  }).approvals
}

const waiting = { timeout: 30_000, interval: 30 }

/** All that a message shows, in one text. */
export function seen(message: Pick<Seen, 'text' | 'blocks'>) {
  return `${message.text}\n${JSON.stringify(message.blocks)}`
}

export async function startRequests(change: Partial<Written> = {}, environment: Environment = {}) {
  const started = await startBot({ environment, policy: { approvals: newRepositories(change) } })
  const { bot, dora } = started

  const find = async (person: PersonAtSlack, channel: string, pattern: RegExp) => {
    let found: Seen | undefined
    await expect
      .poll(async () => {
        found = (await person.sees(channel)).findLast((one) => !one.ephemeral && pattern.test(seen(one)))
        return found !== undefined
      }, waiting)
      .toBe(true)
    return found as Seen // the poll has ended
  }
  const card = (pattern: RegExp) => find(dora, 'quay-approvals', pattern)
  const row = async () => {
    const [request] = await bot.db.select().from(requests)
    if (!request) throw new Error('there is no request')
    return request
  }
  return {
    ...started,
    card,
    row,
    notice: (person: PersonAtSlack, pattern: RegExp) => find(person, person.name, pattern),
    /** Asks for a repository and waits for the card. */
    asks: async (person: PersonAtSlack, repository: string) => {
      await person.types(`/quay repo create ${repository} reason=shop`)
      return card(new RegExp(`Needs[^]*${repository}`))
    },
    thread: async () =>
      (await dora.sees('quay-approvals')).filter(({ thread_ts, ts }) => thread_ts !== null && thread_ts !== ts).map(({ text }) => text),
    /** A decision as a button makes it, by id and revision. */
    decides: async (user: string, decision: 'approved' | 'denied' = 'approved', revision?: string) => {
      const request = await row()
      return decide(bot, { id: request.id, revision: revision ?? request.revision, decision, reason: 'no', user, reference: 'test' })
    },
    becomes: (state: string) => expect.poll(async () => (await row()).state, waiting).toBe(state),
  }
}
