import { z } from 'zod'
import { command } from '../../command/command.ts'
import { slash } from '../../core/slash-command.ts'
import { readRegistrySize } from '../../quay/registry-size.ts'
import { code, message, moment, note } from '../../slack/blocks.ts'
import { sizeText } from '../../slack/views/size.ts'

export default command({
  summary: 'Show the registry’s total size',
  help: 'The size as Quay last calculated it. Quay calculates it only on request: use `registry count`.',
  input: z.strictObject({}),
  examples: ['registry size'],
  aliases: ['df', 'du', 'storage', 'disk usage', 'total size', 'total', 'show size', 'how big', 'storage usage'],
  permissions: 'superuser',
  calls: ['GET /superuser/registrysize/'],
  private: true,
  run: ({ quay }) => readRegistrySize(quay),
  view: ({ bytes, counted, state }, t) =>
    message(
      t('{known, select, yes {Total size of the registry: {size}.} other {The total size of the registry has not been calculated yet.}}', {
        known: counted ? 'yes' : 'no',
        size: sizeText(bytes, t),
      }),
      note(
        t(
          '{known, select, yes {Calculated {moment}. } other {}}{state, select, running {Calculating now.} queued {Calculation queued.} other {Start a calculation with {command}.}}',
          {
            known: counted ? 'yes' : 'no',
            moment: moment(Date.parse(counted ?? '')),
            state,
            command: code(slash('registry count')),
          },
        ),
      ),
    ),
})
