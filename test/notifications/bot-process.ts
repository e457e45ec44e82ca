import { createServer } from 'node:http'
import { flushCompileCache } from 'node:module'
import { pino } from 'pino'
import { startBot } from '../../src/app/start.ts'
import { readConfig } from '../../src/core/config.ts'
import { secretsKey } from '../../src/core/keys.ts'
import { readPolicy } from '../../src/core/policy.ts'

// A bot of its own process, to be killed: its settings and its database come as JSON. Says where it listens.
const [settings = '', database = ''] = process.argv.slice(2)
const environment = JSON.parse(settings) as Record<string, string>
const read = readConfig({ ...environment, LOG_LEVEL: 'warn', QUAY_RATE: '1000' })
if ('problems' in read) throw new Error(read.problems.join('\n'))
const policy = readPolicy(undefined)
if ('problems' in policy) throw new Error(policy.problems.join('\n'))
const started = await startBot({
  config: read.config,
  policy: policy.policy,
  database: JSON.parse(database),
  keys: await secretsKey({ setting: 'a setting of thirty-two letters or more' }),
  log: pino({ level: 'warn' }, process.stderr),
})
const server = createServer((request, response) => void started.handle(request, response))
server.listen(Number(environment.PORT), '127.0.0.1', () => process.stdout.write('listening\n'))
flushCompileCache() // a killed process keeps nothing by itself
