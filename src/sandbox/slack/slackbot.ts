import { type Fields, fieldsOf, listOf, parsed, textOf } from './json.ts'
import { impossible } from './refusal.ts'
import { signature } from './signature.ts'
import { type Slack, seconds } from './simulation.ts'
import { cardProblem } from './slackbot-cards.ts'
import { record } from './traffic.ts'

/** What a person answers when Slackbot asks whether it may use a tool for them. */
export type Consent = 'once' | 'always' | 'deny'

export interface CalledTool {
  user: string
  tool: string
  arguments: Fields
  consent?: Consent | undefined
}

/** What Slackbot shows of a call: its question before the call, or the answer with its card. */
export type ToolShown =
  | { asks: string }
  | { denied: true }
  | { error: string }
  | { text: string; isError: boolean; blocks: Fields[] /** Why Slackbot shows the text alone. */; dropped?: string; link: string }

// Slack aborts a call then (docs/slack.md §23).
const patience = 60_000

/** The tools that the app offers, as Slackbot reads them. It asks for nobody, so it names nobody. */
export async function listTools(slack: Slack): Promise<Fields[]> {
  await send(slack, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'slackbot', version: '1.0.0' },
  })
  const { result } = await send(slack, 'tools/list', {})
  return listOf(fieldsOf(result).tools)
}

/** Slackbot uses a tool for a person: it asks for their consent first, once for each tool or each time, even where the tool only reads. */
export async function callTool(slack: Slack, { user, tool, arguments: given, consent }: CalledTool): Promise<ToolShown> {
  const found = (await listTools(slack)).find(({ name }) => name === tool)
  if (!found) throw impossible(`The app has no tool ${tool}.`)
  const key = `${user} ${tool}`
  if (consent === 'deny') return { denied: true }
  if (consent === undefined && !slack.consents.has(key)) return { asks: `Using ${textOf(found.title) || tool} from Quaymaster MCP` }
  if (consent === 'always') slack.consents.add(key)
  const who = slack.workspace.users.find(({ id }) => id === user)
  const identity = { user_id: user, team_id: who?.team_id ?? null }
  const { result, error } = await send(slack, 'tools/call', { name: tool, arguments: given, _meta: { slack: identity } })
  if (result === undefined) return { error: textOf(fieldsOf(error).message) || 'The app did not answer.' }
  return shownOf(fieldsOf(result))
}

function shownOf({ content, isError, _meta }: Fields): ToolShown {
  const text = listOf(content)
    .map((one) => textOf(one.text))
    .join('\n')
  const blocks = listOf(fieldsOf(fieldsOf(_meta).slack).blocks)
  const dropped = cardProblem(blocks)
  const link = /https:\/\/[\w.-]{1,100}\.slack\.com\/archives\/[\w/]{1,100}/.exec(text)?.[0] ?? ''
  return { text, isError: isError === true, blocks: dropped === undefined ? blocks : [], ...(dropped !== undefined && { dropped }), link }
}

/** One signed request, as the manifest says where. Slack follows no redirect and waits a minute. */
async function send(slack: Slack, method: string, params: Fields): Promise<Fields> {
  const server = slack.manifest.mcpServer
  if (!server || !slack.workspace.scopes.includes('mcp:connect'))
    throw impossible('The app declares no mcp_servers, or was installed without mcp:connect.')
  slack.counter += 1
  const body = JSON.stringify({ jsonrpc: '2.0', id: slack.counter, method, params })
  const timestamp = String(seconds(slack))
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature(slack.tokens.signingSecret, timestamp, body),
  }
  const started = performance.now()
  // The manifest has the bot's public address; here the bot answers on the sandbox's own port.
  const url = slack.origin() + new URL(server).pathname
  const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(patience) }).catch(
    () => undefined,
  )
  const read = answer && parsedAnswer(await answer.text())
  const ms = Math.round(performance.now() - started)
  const about = { direction: 'to bot' as const, kind: 'mcp', name: method, transport: 'http' as const }
  record(slack, { ...about, request: parsed(body), answer: read ?? null, status: answer?.status ?? 0, ms })
  if (answer && answer.status !== 200) return { error: { message: `The app answered ${answer.status}.` } }
  return read ?? {}
}

/** JSON, or the one event of a stream. */
function parsedAnswer(text: string): Fields {
  const event = text.split('\n').find((line) => line.startsWith('data:'))
  return fieldsOf(parsed(event?.slice(5) ?? text))
}
