import { afterAll, describe, expect, test } from 'vitest'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { sampled } from '../sized.ts'
import { allOf } from './drawn.ts'
import { newWord, startWithOddQuay } from './odd-quay.ts'
import { table } from './table-entries.ts'

// A newer Quay has words that are not known here: roles, states, methods, events. None of them breaks a list, and each is shown by
// its name, because it is taken for none of those that are known.

const words = ['role', 'kind', 'method', 'severity', 'type', 'state', 'sync_status', 'event', 'status', 'phase', 'service', 'Severity']
const { dora } = await startWithOddQuay({ newWords: words }, afterAll)
await loadCommands()

const reads = Object.entries(table).flatMap(([name, entry]) =>
  entry && !entry.aboutTheBot && !commands.get(name)?.changes ? [{ name, words: entry.words, says: entry.says }] : [],
)
// What is about one thing, of which the word decides: it says so instead.
const says: Record<string, RegExp> = {
  'build logs': /of_a_newer_quay|Log of the build/,
  'build show': /is in the phase of_a_newer_quay\.$/,
  'prune preview': /^Quaymaster can’t tell which tags of .* will be deleted\.$/,
  'scan show': /^No scan of/,
  'scan diff': /acme\/api:v1\.0 has not been scanned yet \(of_a_newer_quay.*\)\./,
  'can-i': /^Yes/,
}

describe('with words that only a newer Quay knows', () => {
  test.each(sampled(reads, 4))('/quay $name $words', async ({ name, words, says: usual }) => {
    const reply = await dora.types(`/quay ${name} ${words}`)
    expect(reply.text).toMatch(says[name] ?? usual)
    expect(allOf(reply)).not.toMatch(/Something went wrong|not available right now|undefined/)
  })

  const shown: [command: string, said: RegExp][] = [
    ['team list acme', /developers – of_a_newer_quay/],
    ['permission list acme/api', /of_a_newer_quay/],
    ['permission default list acme', /of_a_newer_quay/],
    ['message list', /of_a_newer_quay, We move on Sunday/],
    ['prune show acme/api', /by the method of_a_newer_quay of a newer Quay/],
    ['prune preview acme/api', /Quaymaster can’t tell which tags of .* will be deleted\./],
    ['notification list acme/api', /of_a_newer_quay, of_a_newer_quay/],
    ['trigger list acme/api', /of_a_newer_quay/],
    ['repo list acme', /acme\/api/],
  ]
  test.each(sampled(shown, 3, 1))('/quay %s shows the word itself', async (command, said) => {
    expect(allOf(await dora.types(`/quay ${command}`))).toMatch(said)
  })

  test('a role of a team that is not known gives its members nothing', async () => {
    const { alice } = await startWithOddQuay({ newWords: ['role'] })
    expect((await alice.types('/quay repo create acme/web')).text).toMatch(/^You need/)
    expect(newWord).toBe('of_a_newer_quay')
  })
})
