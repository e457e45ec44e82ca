import { z } from 'zod'
import { endOf } from '../../quay/build-phase.ts'
import { renderBuild } from '../builds/card.ts'
import { phaseOf } from '../builds/state.ts'
import { kind, short, tagNames } from '../event-kind.ts'

const buildId = z.string().regex(/^[\w-]{1,64}$/)

const body = z.object({
  build_id: buildId,
  docker_tags: tagNames.optional(),
  manual_user: short.nullish().catch(null),
  trigger_kind: short.nullish().catch(null),
  error_message: short.nullish().catch(null),
  trigger_metadata: z
    .object({ commit: short.nullish(), ref: short.nullish(), commit_info: z.object({ message: short.nullish() }).nullish() })
    .nullish()
    .catch(null),
})

/** The life of a build: Quay's five events and the phases found by polling share a card. */
export const buildKind = kind({
  group: 'builds',
  events: ['build_queued', 'build_start', 'build_success', 'build_failure', 'build_cancelled', 'build_phase'],
  word: 'build',
  schema: body,
  key: ({ build_id: id }) => id,
  isExample: ({ build_id: id }) => id === 'fake-build-id',
  subjects: async (_, { object, body, kind, receivedAt }) => {
    // The phase is what polling saw (builds/record.ts); no webhook can say it.
    const { phase = '' } = body as { phase?: string }
    const how = endOf(phaseOf[kind] ?? phase)
    const subject = `build ${object} ${body.build_id}`
    return [{ subject, at: receivedAt.getTime(), tags: body.docker_tags ?? [], ...(how && { ended: how }) }]
  },
  render: renderBuild,
})
