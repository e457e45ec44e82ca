import { expect, test } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { requests } from '../../src/db/schema.ts'
import type { Seen } from '../people.ts'
import { sampled } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// What only several fields together, or the hour, show to be wrong is said before anybody is asked to decide about it.

/** A text for each command with such a check, and what is answered. */
const cases: [text: string, says: string][] = [
  ['prune set globex/site', 'Enter either the number of tags to keep or a maximum age.'],
  ['prune set globex/site keep=5 older_than=30d', 'Enter either the number of tags to keep or a maximum age.'],
  ['prune set globex/site keep=5 pattern=(', '( is not a valid regular expression.'],
  ['tag expire globex/site v1', 'Enter either an expiration date or no expiration.'],
  ['tag expire globex/site v1 2027-01-01 never=yes', 'Enter either an expiration date or no expiration.'],
  ['tag expire globex/site v1 2020-01-01', 'The date must be in the future.'],
  ['immutability set globex/site (', '( is not a valid regular expression.'],
  [
    'build start globex/site https://git.example.com/a.tar.gz subdirectory=a dockerfile_path=b',
    'Enter either a subdirectory or a Dockerfile path, not both.',
  ],
  ['notification create globex/site event=repo_push method=email', 'Add the e-mail address of the recipient.'],
  ['quota set globex "0 GiB"', 'The quota must be more than 0.'],
  ['mirror create globex/copy quay.io/a/b robot=acme+ci', 'The robot account must belong to globex.'],
]

/** What the buttons below it say. */
const labels = ({ blocks }: Seen) =>
  blocks.flatMap(({ elements = [] }) => elements.flatMap(({ type, text }) => (type === 'button' && text ? [text.text] : [])))

test('an input that can never work is refused before approval is offered, with the dialog to correct it', async () => {
  const operations = cases.map(([text]) => text.split(' ').slice(0, 2).join(' '))
  const { alice, bot } = await startRequests({ operations: [...new Set(operations)] })
  for (const [text, says] of sampled(cases, 4)) {
    const answer = await alice.types(`/quay ${text}`)
    expect(seen(answer), text).toContain(says)
    expect(seen(answer), text).not.toMatch(/needs approval|You need/)
    expect(labels(answer), text).toEqual(['Open it'])
    expect((await alice.types(`/quay ${text} reason="please"`)).text, text).toContain(says)
  }
  expect(await bot.db.select().from(requests)).toEqual([])
})

test('each command with such a check is tried above', async () => {
  const checked = [...commands].filter(([, { check }]) => check).map(([name]) => name)
  expect(checked.filter((name) => !cases.some(([text]) => text.startsWith(`${name} `)))).toEqual([])
})
