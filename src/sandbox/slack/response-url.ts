import { randomBytes } from 'node:crypto'
import { type Fields, isFields, parsed, textOf } from './json.ts'
import { type Content, edit, isEmpty, isTrue, post, readContent, remove } from './messages.ts'
import { isRefusal, refuse } from './refusal.ts'
import { nextId, type ResponseUrl, type Slack } from './simulation.ts'

const lifetime = 30 * 60_000
const uses = 5

/** A response URL for the bot: five uses within half an hour (docs/slack.md §2). */
export function issueResponseUrl(
  slack: Slack,
  kind: 'commands' | 'actions' | 'app-actions' | 'app',
  about: Pick<ResponseUrl, 'user' | 'channel' | 'message'>,
) {
  const path = `${kind}/${nextId(slack, 'T')}/${slack.counter}/${randomBytes(12).toString('base64url')}`
  slack.responseUrls.push({ path, issued: slack.clock(), uses: 0, ...about })
  slack.responseUrls = slack.responseUrls.slice(-1000)
  return `${slack.origin()}/slack-sim/response/${path}`
}

/** The answer to a post to a response URL: status and body. */
export function answerResponseUrl(slack: Slack, path: string, body: string): { status: number; body: string } {
  const url = slack.responseUrls.find((one) => one.path === path)
  if (!url) return refused(404, 'no_service')
  if (slack.clock() - url.issued > lifetime) return refused(404, 'expired_url')
  if (url.uses >= uses) return refused(404, 'used_url')
  url.uses += 1
  const given = parsed(body)
  if (!isFields(given)) return refused(400, 'invalid_payload')
  try {
    respond(slack, url, given)
    return { status: 200, body: 'ok' }
  } catch (error) {
    if (!isRefusal(error)) throw error
    // The status for an invalid body is not documented; a client that only checks the status must still notice.
    return { status: 400, body: JSON.stringify(error.answer) }
  }
}

function refused(status: number, error: string) {
  return { status, body: JSON.stringify({ ok: false, error }) }
}

/** Shows the bot's answer. Neither the total limit of chat.postMessage nor membership applies here (docs/slack.md §0, §2). */
export function respond(slack: Slack, url: Omit<ResponseUrl, 'path' | 'issued' | 'uses'>, given: Fields) {
  const content = readContent(slack, given)
  const original = slack.workspace.messages.find(({ ts, channel }) => ts === url.message && channel === url.channel)
  const deletes = isTrue(given.delete_original)
  if (isEmpty(content) && !deletes) throw refuse('no_text')
  if (deletes && original) remove(slack, original)
  if (isEmpty(content)) return
  if (isTrue(given.replace_original) && original && !deletes) return edit(slack, original, content)
  say(slack, url, given, content)
}

function say(slack: Slack, url: Pick<ResponseUrl, 'channel' | 'user'>, given: Fields, content: Content) {
  const { channel, user } = url
  if (given.response_type !== 'in_channel') return post(slack, { channel, only_for: user }, content)
  const thread = textOf(given.thread_ts)
  return post(slack, { channel, ...(thread && { thread_ts: thread }) }, content)
}
