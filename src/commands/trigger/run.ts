import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, triggerField } from '../../command/common-fields.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { followStarted } from '../../notifications/builds/poll.ts'
import { readTrigger, runTrigger } from '../../quay/triggers.ts'
import { buildCard, shownBuild } from '../../slack/views/build.ts'

export default command({
  summary: 'Run a build trigger now',
  input: z.strictObject({
    repository: repositoryField,
    trigger: triggerField,
    branch: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .meta({ title: 'Branch' })
      .describe('Branch, for triggers of GitHub, GitLab or Bitbucket'),
    commit: z
      .string()
      .trim()
      .regex(/^[0-9a-f]{7,64}$/i, 'Enter a commit like 1c002dd')
      .optional()
      .meta({ title: 'Commit' })
      .describe('Commit; required for a custom Git trigger'),
  }),
  examples: ['trigger run acme/api f081bffa branch=main', 'trigger run acme/api f081bffa commit=1c002dd'],
  aliases: ['start', 'fire', 'build', 'activate', 'invoke', 'execute'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['runs-code', 'overwrites'],
    facts: async ({ quay, input: { repository, trigger } }) => {
      const { enabled, source, service } = await readTrigger(quay, repository, trigger)
      return { enabled, source, service }
    },
    retry: 'never',
    manualCheck: ({ repository }) => `build list ${repository}`,
  },
  run: async (run) => {
    const { quay } = run
    const { repository, trigger: id, branch, commit } = run.input
    const { service } = await readTrigger(quay, repository, id)
    if (service === 'custom-git' && !commit) throw fieldProblem('commit', 'A custom Git trigger needs the commit to build.')
    const wanted = { ...(branch !== undefined && { branch }), ...(commit !== undefined && { commit }) }
    const build = await runTrigger(quay, repository, id, wanted)
    await followStarted(run, build)
    return shownBuild(build)
  },
  view: (build, t) => buildCard(build, t),
})
