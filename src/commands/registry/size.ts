import { z } from 'zod'
import { command } from '../../command/command.ts'
import { readRegistrySize } from '../../quay/registry-size.ts'
import { code, message, moment, note } from '../../slack/blocks.ts'
import { sizeText } from '../../slack/views/size.ts'

export default command({
  summary: 'Show how much the whole registry stores',
  help: 'As Quay has counted it last: it does so only when somebody asks, by registry count.',
  input: z.strictObject({}),
  examples: ['registry size'],
  aliases: ['storage', 'disk usage', 'total size', 'total', 'show size', 'how big', 'storage usage'],
  permissions: 'superuser',
  calls: ['GET /superuser/registrysize/'],
  private: true,
  run: ({ quay }) => readRegistrySize(quay),
  view: ({ bytes, counted, state }, t) =>
    message(
      t('{known, select, yes {The registry stores {size}.} other {Quay has not counted yet how much the registry stores.}}', {
        known: counted ? 'yes' : 'no',
        size: sizeText(bytes, t),
      }),
      note(
        t(
          '{known, select, yes {Counted {moment}. } other {}}{state, select, running {It is counting now.} queued {It counts as soon as it gets round to it.} other {Let it count with {command}.}}',
          {
            known: counted ? 'yes' : 'no',
            moment: moment(Date.parse(counted ?? '')),
            state,
            command: code('/quay registry count'),
          },
        ),
      ),
    ),
})
