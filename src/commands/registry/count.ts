import { z } from 'zod'
import { command } from '../../command/command.ts'
import { slash } from '../../core/slash-command.ts'
import { countRegistrySize } from '../../quay/registry-size.ts'
import { code, message } from '../../slack/blocks.ts'

export default command({
  summary: 'Recalculate the registry’s total size',
  help: 'On a large registry this takes a while and causes load.',
  input: z.strictObject({}),
  examples: ['registry count'],
  aliases: ['recalculate', 'recount', 'calculate', 'measure', 'calculate size', 'count size', 'recalculate size'],
  permissions: 'superuser',
  calls: ['POST /superuser/registrysize/'],
  changes: { effects: ['runs-code'], facts: { none: 'Counting changes nothing that anybody relies on.' }, retry: 'idempotent' },
  private: true,
  run: async ({ quay }) => {
    await countRegistrySize(quay)
    return {}
  },
  view: (_, t) => message(t('Calculation queued. See the result with {command}.', { command: code(slash('registry size')) })),
})
