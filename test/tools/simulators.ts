import { parseArgs } from 'node:util'
import { openSimulators } from '../start-simulators.ts'

// `npm run simulators`: Slack and Quay as the sandbox has them, without a bot, so that the procedures of docs/operations.md can be
// rehearsed with bots of one's own. Prints their settings for .env. `--bot http://127.0.0.1:3000`: Slack over HTTP, and Slackbot.

const { values } = parseArgs({ options: { port: { type: 'string', default: '4100' }, bot: { type: 'string' } } })
const { environment, slack, origin } = await openSimulators({ port: Number(values.port), botAt: values.bot })
const { MODE: _, LOG_LEVEL: __, SLACK_APP_TOKEN, ...others } = environment
// With --bot Slack speaks HTTP, and a bot with an app-level token would wait for its socket instead.
const settings = values.bot === undefined ? { ...others, SLACK_APP_TOKEN } : others
const lines = Object.entries({ ...settings, SLACK_SIGNING_SECRET: slack.tokens.signingSecret }).map(([name, value]) => `${name}=${value}`)
const typing = `curl -s ${origin}/_control/slash -H 'content-type: application/json' -d '{"user":"dora","channel":"general","text":"/quay status"}'`
const reading = `curl -s '${origin}/_control/messages?channel=general&user=dora'`
process.stdout.write(`${[...lines, '', `# As somebody in Slack: ${typing}`, `# What they see: ${reading}`].join('\n')}\n`)
