import { buttonOf } from '../../src/surfaces/modals/titles.ts'
import type { Seen } from '../people.ts'
import type { startBot } from '../start-bot.ts'
import type { Entry } from './table-entries.ts'
import { typedCommand } from './typed.ts'

/** The policy of the table, only so that there is a request to show and to withdraw. */
export function asking() {
  return {
    ...{ name: 'ask', operations: ['repo create'] as [string], namespaces: ['globex'] as [string], ask: 'without-right' as const },
    ...{ requesters: ['everyone'] as ['everyone'], channel: 'C0APPROVALS', approvers: ['U0DORA'] as [string] },
    ...{ needed: 1, delegation: true, notify: 'none' as const, remind: [], expires: 86_400_000, reason: { required: false } },
  }
}

/** Only so that there is somebody to take something at once. */
export function emergency() {
  return {
    ...{ people: ['U0DORA'] as [string], permissions: ['write'] as ['write'], namespaces: ['acme'] as [string] },
    ...{ channel: 'C0APPROVALS', approvers: [], longest: 3_600_000 },
  }
}

/** Runs commands of the table on one bot. */
export function tableRunner(started: Awaited<ReturnType<typeof startBot>>) {
  const { quay } = started
  let next = 0

  /** Typed, and pressed where it wants to be. */
  async function done(name: string, { by, channel }: Entry, command: string): Promise<Seen> {
    const person = started[by]
    const reply = await person.types(command, channel)
    const asks = JSON.stringify(reply.blocks).includes('preview:confirm')
    return asks ? person.presses(buttonOf(name), reply, channel) : reply
  }

  /** The whole command, when all that it needs is there. */
  async function commandOf(name: string, { by, words, first, channel }: Entry) {
    quay.registry.authenticationType = /^team (un)?sync/.test(name) ? 'LDAP' : 'Database'
    const before = first === undefined ? undefined : await started[by].types(first.replace('NEXT', `web-${next++}`), channel)
    return typedCommand(started, name, { words }, before)
  }

  return { done, commandOf }
}
