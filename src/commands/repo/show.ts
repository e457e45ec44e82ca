import { z } from 'zod'
import { orUnknown, vulnerabilitiesOf } from '../../command/card-facts.ts'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import type { Translate } from '../../core/i18n.ts'
import { listBuilds } from '../../quay/builds.ts'
import type { Quay } from '../../quay/registry.ts'
import { readRepository } from '../../quay/repositories.ts'
import { listTags, type Tag } from '../../quay/tags.ts'
import { code, fields, link, message, moment, quoted } from '../../slack/blocks.ts'
import { phaseWord, readersBuild } from '../../slack/views/build.ts'
import { vulnerableText } from '../../slack/views/object-card.ts'
import { tagSize } from '../../slack/views/tag.ts'

export default command({
  summary: 'Show a repository',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['repo show acme/api'],
  aliases: ['overview', 'summary', 'size', 'size of', 'how big is', 'how large is', 'tell me about'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository } }) => {
    const found = await readRepository(quay, repository)
    const [{ newest, tags, vulnerable }, builds] = await Promise.all([
      newestOf(quay, repository),
      orUnknown(listBuilds(quay, repository, { limit: 1 })),
    ])
    const [build] = builds === 'unknown' ? [] : builds.map(readersBuild)
    return { ...found, tags, newest, vulnerable, build }
  },
  view: ({ name, url, visibility, state, description, tags, newest, vulnerable, build }, t) =>
    message(
      t('Repository {repository}', { repository: link(url, name) }),
      ...(description ? [quoted(description)] : []),
      fields(
        [t.plain('Visibility'), t('{visibility, select, public {Public: anyone can pull} other {Private}}', { visibility })],
        [
          t.plain('State'),
          t(
            '{state, select, mirror {Mirror: synced by Quay} orgmirror {Organization mirror: synced by Quay} readonly {Read-only} unknown {Unknown state of a newer Quay release} other {Normal}}',
            { state: state.replace('-', '') },
          ),
        ],
        ...(tags === undefined ? [] : [[t.plain('Tags'), tagsText(tags, t)] as [string, string]]), // otherwise inferred as string[]
        ...(newest
          ? ([
              [t.plain('Latest push'), latestText(newest, t)],
              [t.plain('Vulnerabilities'), vulnerableText(vulnerable, t)],
            ] as [string, string][]) // otherwise inferred as string[]
          : []),
        ...(build
          ? [
              [
                t.plain('Latest build'),
                t('{phase} · {moment}', { phase: phaseWord(build.phase, t), moment: moment(Date.parse(build.started ?? '')) }),
              ] as [string, string], // otherwise inferred as string[]
            ]
          : []),
        [t.plain('Pull'), code(`podman pull ${new URL(url).host}/${name}${newest ? `:${newest.name}` : ''}`).markup],
      ),
    ),
})

const counted = 100

/** The newest tag with its vulnerabilities, and how many tags there are: of more than a hundred Quay is asked for no number. */
async function newestOf(quay: Quay, repository: string) {
  const found = await orUnknown(listTags(quay, repository, { limit: counted }))
  if (found === 'unknown') return {}
  const [newest] = found.tags
  const tags = { count: found.tags.length, more: found.next !== undefined }
  return newest ? { tags, newest, vulnerable: await vulnerabilitiesOf(quay, repository, newest) } : { tags }
}

function tagsText({ count, more }: { count: number; more: boolean }, t: Translate) {
  return t('{more, select, yes {More than {count}} other {{count}}}', { count, more: more ? 'yes' : 'no' })
}

function latestText(newest: Tag, t: Translate) {
  return t('{tag} · {size} · {moment}', {
    tag: code(newest.name),
    size: tagSize(newest, t),
    moment: moment(Date.parse(newest.since ?? '')),
  })
}
