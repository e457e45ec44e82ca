import { z } from 'zod'
import { logFilters, logView, shownLog } from '../../draw/log-page.ts'
import { operation } from '../../operation.ts'
import { listNamespaceLogs } from '../../quay/logs.ts'
import { shortName } from '../../quay/names.ts'
import { bold } from '../../slack/blocks.ts'

export default operation({
  summary: 'Show the usage log of an organisation',
  help: 'What happened yesterday and today, newest first, or between two days. Quay cannot filter by kind, so that is done page by page.',
  input: z.strictObject({ namespace: shortName.meta({ of: 'namespace' }).describe('The organisation'), ...logFilters }),
  examples: ['logs namespace acme', 'logs namespace acme performer=acme+ci from=2026-11-01'],
  needs: [{ right: 'admin', on: 'namespace' }],
  run: async ({ quay, input: { namespace, performer, kind, from, to }, page }) => {
    const log = await listNamespaceLogs(quay, namespace, { performer, from, to, next: page })
    return { namespace, ...shownLog(log, { kind }) }
  },
  view: ({ namespace, ...log }, t) => logView(t('Usage log of {namespace}', { namespace: bold(namespace) }), log, t),
})
