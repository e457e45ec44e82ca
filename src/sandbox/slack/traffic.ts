import { redact } from '../../core/redact.ts'
import { type Fields, fieldsOf, isFields, listOf, parsed, textOf } from './json.ts'
import type { Slack, TrafficEntry } from './simulation.ts'

const kept = 5000

/** Records traffic; credentials are cut before anything is stored (docs/SECURITY.md rules 20 and 21). */
export function record(slack: Slack, entry: Omit<TrafficEntry, 'id' | 'at'>) {
  slack.counter += 1
  slack.traffic.push({ id: slack.counter, at: slack.clock(), ...entry, request: cut(entry.request), answer: cut(entry.answer) })
  slack.traffic.splice(0, slack.traffic.length - kept)
  slack.changed()
}

// The URL of a webhook is a credential too, because anybody who has it can post. A public archive's field has another name.
const secretName = /passw|secret|token|credential|^url$/i
// Known only by the command: the URL behind the word `webhook` or `url` has its secret in its path.
const webhooks = /(?<!\w-?)((?:webhook|url)(?:\s{1,4}|=)["'“”„«‘’<]?(?:url=)?(?:https?:\/\/)?[^\s<>|"/?#]{1,300})[/?#][^\s<>|"”]*/gi
// Longer texts are cut before they are redacted.
const longest = 40_000

/** A redacted copy: without tokens, response URLs, values of secret inputs, and the content of Reveal modals. */
export function cut(value: unknown): unknown {
  if (typeof value === 'string') return cutText(value)
  if (Array.isArray(value)) return value.map(cut)
  if (!isFields(value)) return value
  if (isReveal(value)) return cutReveal(value)
  if (isSecretInput(value)) return withoutValues(value)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cutField(key, one)]))
}

function cutText(text: string) {
  return redact(text.slice(0, longest)).replaceAll(webhooks, '$1/[credential]')
}

function cutField(key: string, value: unknown): unknown {
  if (key === 'token') return '[credential]'
  if (key === 'response_url' && typeof value === 'string') return `${value.slice(0, value.lastIndexOf('/') + 1)}[credential]`
  if ((key === 'view' || key === 'blocks') && typeof value === 'string') return cut(parsed(value))
  if (key === 'values' && isFields(value)) return cutState(value)
  return cut(value)
}

// What is typed into such a field is a credential on its way in (docs/SECURITY.md rule 20); it may come back as an initial value.
function isSecretInput({ block_id, action_id }: Fields) {
  return secretName.test(textOf(block_id)) || secretName.test(textOf(action_id))
}

function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutValues)
  if (!isFields(value)) return cut(value)
  const entries = Object.entries(value).map(([key, one]) => [key, /^(?:initial_)?value$/.test(key) ? '[credential]' : withoutValues(one)])
  return Object.fromEntries(entries)
}

function cutState(values: Fields) {
  return Object.fromEntries(
    Object.entries(values).map(([block, actions]) => [
      block,
      Object.fromEntries(
        Object.entries(fieldsOf(actions)).map(([action, state]) => [
          action,
          secretName.test(block) || secretName.test(action) ? withoutValues(state) : cut(state),
        ]),
      ),
    ]),
  )
}

function holdsCredential(view: Fields) {
  if (textOf(view.callback_id).startsWith('credential')) return true
  return listOf(view.blocks).some((block) => textOf(block.block_id).startsWith('credential'))
}

/** Whether a payload is about a Reveal modal, or is the modal itself. */
function isReveal(value: Fields) {
  return holdsCredential(value) || holdsCredential(viewOf(value))
}

function viewOf(value: Fields) {
  return fieldsOf(typeof value.view === 'string' ? parsed(value.view) : value.view)
}

function cutReveal(value: Fields): Fields {
  const view = holdsCredential(value) ? value : viewOf(value)
  return {
    type: value.type,
    ok: value.ok,
    user: fieldsOf(value.user).id,
    view: { id: view.id ?? value.view_id, callback_id: view.callback_id, cut: 'credential' },
    actions: listOf(value.actions).map(({ action_id }) => action_id),
  }
}
