import { z } from 'zod'
import { operation } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { mirrorFacts } from '../../command/facts.ts'
import { syncMirror } from '../../quay/mirrors.ts'
import { bold, code, message, note } from '../../slack/blocks.ts'

export default operation({
  summary: 'Run a mirror now',
  help: 'Also one that is switched off.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['mirror sync acme/mc'],
  needs: [{ right: 'admin', on: 'repository' }],
  calls: ['POST /repository/{repository}/mirror/sync-now'],
  changes: { effects: ['overwrites'], facts: ({ quay, input: { repository } }) => mirrorFacts(quay, repository), repeat: 'safe' },
  run: async ({ quay, input: { repository } }) => {
    await syncMirror(quay, repository)
    return { repository }
  },
  view: ({ repository }, t) =>
    message(
      t('The mirror {repository} runs as soon as Quay has a hand free.', { repository: bold(repository) }),
      note(t('See how it goes with {show}.', { show: code(`/quay mirror show ${repository}`) })),
    ),
})
