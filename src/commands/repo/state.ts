import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { repositoryFacts } from '../../command/facts.ts'
import { findMirrorLoss } from '../../quay/mirror-loss.ts'
import { findMirror } from '../../quay/mirrors.ts'
import { readBack } from '../../quay/read-back.ts'
import { findRepository, readRepository, setState } from '../../quay/repositories.ts'
import { bold, link, message, note } from '../../slack/blocks.ts'
import { mirrorLossView } from '../../slack/views/mirror-loss.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Change repository state (normal, read-only, mirror)',
  help: 'Only Quay can push to a mirror. To set one up use `mirror create`, which also changes the state.',
  input: z.strictObject({
    repository: repositoryField,
    state: z
      .enum(['normal', 'read-only', 'mirror'])
      .meta({ title: 'State', labels: { normal: 'Normal', 'read-only': 'Read-only', mirror: 'Mirror' } })
      .describe('Read-only and mirror: no pushes, builds or tag deletions'),
  }),
  examples: ['repo state acme/web read-only', 'repo state acme/web normal'],
  aliases: [
    'mode',
    'read only state=read-only',
    'make read only state=read-only',
    'make read-only state=read-only',
    'make writable state=normal',
    'unarchive state=normal',
    'unlock state=normal',
    'thaw state=normal',
    'set state',
    'change state',
    'freeze state=read-only',
    'unfreeze state=normal',
    'lock state=read-only',
    'archive state=read-only',
    'read-only state=read-only',
    'readonly state=read-only',
  ],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['PUT /repository/{repository}/changestate'],
  changes: {
    effects: ({ state }) => (state === 'mirror' ? ['overwrites', 'destroys'] : ['overwrites']),
    facts: ({ quay, input: { repository } }) => repositoryFacts(quay, repository),
    retry: 'idempotent',
  },
  current: async ({ quay, input: { repository } }) => {
    const found = await findRepository(quay, repository)
    return found && found.state !== 'org-mirror' && found.state !== 'unknown' ? { state: found.state } : {}
  },
  preview: {
    // Its mirror goes on where it is one, and deletes what was pushed meanwhile.
    read: async ({ quay, input: { repository, state } }) => {
      if (state !== 'mirror' || (await readRepository(quay, repository)).state === 'mirror') return
      const mirror = await findMirror(quay, repository)
      const loss = mirror?.enabled ? await findMirrorLoss(quay, repository, mirror.tags) : undefined
      return mirror && loss && { repository, reference: mirror.reference, ...loss }
    },
    view: ({ repository, reference, ...loss }, t) =>
      message(t('Make {repository} a mirror again?', { repository: bold(repository) }), ...mirrorLossView(repository, reference, loss, t)),
  },
  run: async ({ quay, input: { repository, state } }) => {
    const found = await readRepository(quay, repository)
    if (found.state !== state) await setState(quay, repository, state)
    const stored = await readBack(quay, state, async () => (await readRepository(quay, repository)).state)
    return { repository, url: found.url, state: stored, asAsked: stored === state }
  },
  view: ({ repository, url, state, asAsked }, t) =>
    message(
      t(
        '{state, select, mirror {{repository} is now a mirror.} readonly {{repository} is now read-only.} other {{repository} now accepts pushes.}}',
        {
          repository: link(url, repository),
          state: state.replace('-', ''),
        },
      ),
      ...(state === 'normal' ? [] : [note(t('Until the state is normal again, nobody can push to it, build it or delete its tags.'))]),
      ...storedNote(asAsked, t),
    ),
})
