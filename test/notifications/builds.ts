import { expect } from 'vitest'
import type { SimulatedQuay } from '../../src/sandbox/quay/api.ts'
import type { PersonAtSlack } from '../people.ts'

interface Setting {
  bea: PersonAtSlack
  quay: SimulatedQuay
  origin: string
  archive?: string
  repository?: string
  channel?: string
}

/** Starts a build in Quay itself, past the bot, as anybody with an account could. */
export async function startInQuay({
  quay,
  origin,
  archive = 'https://downloads.example.com/api.tgz',
  repository = 'acme/api',
}: Pick<Setting, 'quay' | 'origin' | 'archive' | 'repository'>) {
  const response = await fetch(`${origin}/api/v1/repository/${repository}/build/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${quay.tokenOf('bea')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ archive_url: archive, docker_tags: ['latest'] }),
  })
  return (await response.json()) as { id: string }
}

/** A build, and ways to wait for what the channel sees of it. */
export async function startBuild({ bea, channel = 'acme-dev', ...setting }: Setting) {
  const { id } = await startInQuay(setting)
  const cardsIn = async (name: string) =>
    (await bea.sees(name)).filter(({ ephemeral, thread_ts, ts }) => !ephemeral && (thread_ts === null || thread_ts === ts))
  const card = async () => (await cardsIn(channel)).find((one) => JSON.stringify(one.blocks).includes(id))
  return {
    id,
    cardsIn,
    card,
    thread: async () => (await bea.sees(channel)).filter(({ thread_ts, ts }) => thread_ts !== null && thread_ts !== ts),
    settles: (text: RegExp) => expect.poll(async () => (await card())?.text ?? '', { timeout: 40_000, interval: 50 }).toMatch(text),
  }
}
