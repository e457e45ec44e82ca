import { parseArgs } from 'node:util'
import { openSimulators } from '../start-simulators.ts'

// `npm run simulators`: Slack and Quay as the sandbox has them, without a bot, so that the procedures of docs/operations.md can be
// rehearsed with bots of one's own. Prints their settings for .env.

const { values } = parseArgs({ options: { port: { type: 'string', default: '4100' } } })
const { environment, slack, origin } = await openSimulators({ port: Number(values.port) })
const { MODE: _, LOG_LEVEL: __, ...settings } = environment
const lines = Object.entries({ ...settings, SLACK_SIGNING_SECRET: slack.tokens.signingSecret }).map(([name, value]) => `${name}=${value}`)
const typing = `curl -s ${origin}/_control/slash -H 'content-type: application/json' -d '{"user":"dora","channel":"general","text":"/quay status"}'`
const reading = `curl -s '${origin}/_control/messages?channel=general&user=dora'`
process.stdout.write(`${[...lines, '', `# As somebody in Slack: ${typing}`, `# What they see: ${reading}`].join('\n')}\n`)
