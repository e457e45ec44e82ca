import { randomBytes } from 'node:crypto'
import { requireScope } from './access.ts'
import { checkView } from './block-kit-check.ts'
import { stateOf } from './elements.ts'
import { type Fields, fieldsOf, isFields, listOf, textOf } from './json.ts'
import { refuseProblems, structured } from './messages.ts'
import { normalisedBlocks, plainText } from './normalise.ts'
import { appId, botId, team } from './people.ts'
import { invalidArguments, refuse } from './refusal.ts'
import { nextId, type Slack, seconds, type Trigger } from './simulation.ts'
import { foreignVideos } from './videos.ts'
import type { View } from './workspace.ts'

/** Reads a view, or refuses it with all its problems. */
export function readView(value: unknown): Fields {
  const view = structured(value)
  if (!isFields(view)) throw invalidArguments('must provide an object [json-pointer:/view]')
  const problems = checkView(view, '/view')
  if (problems.length > 0) throw refuseProblems('invalid_arguments', problems)
  if (Buffer.byteLength(JSON.stringify(view)) > 250_000) throw refuse('view_too_large')
  return view
}

function newHash(slack: Slack) {
  return `${seconds(slack)}.${randomBytes(4).toString('hex')}`
}

function content(slack: Slack, source: Fields) {
  // Modals may take files only from apps that may read them (docs/slack.md §1.4).
  if (listOf(source.blocks).some(({ element }) => fieldsOf(element).type === 'file_input')) requireScope(slack, ['files:read'])
  const foreign = foreignVideos(slack, listOf(source.blocks), '/view/blocks')
  if (foreign.length > 0) throw refuseProblems('invalid_arguments', foreign)
  return {
    type: source.type === 'home' ? ('home' as const) : ('modal' as const),
    callback_id: textOf(source.callback_id),
    external_id: textOf(source.external_id),
    private_metadata: textOf(source.private_metadata),
    title: optional(source.title),
    submit: optional(source.submit),
    close: optional(source.close),
    blocks: normalisedBlocks(slack, listOf(source.blocks)),
    clear_on_close: source.clear_on_close === true,
    notify_on_close: source.notify_on_close === true,
    hash: newHash(slack),
  }
}

function optional(value: unknown) {
  return isFields(value) ? plainText(value) : null
}

/** A new view for a person, not shown yet. */
export function makeView(slack: Slack, source: Fields, user: string, below?: View): View {
  const id = nextId(slack, 'V')
  const made = content(slack, source)
  refuseDoubledExternalId(slack, made.external_id, id)
  return {
    id,
    user,
    ...made,
    root_view_id: below?.root_view_id ?? id,
    previous_view_id: below?.id ?? null,
    typed: stateOf(made.blocks),
    errors: {},
  }
}

function refuseDoubledExternalId({ workspace }: Slack, external: string, own: string) {
  const taken = [...workspace.views, ...workspace.homes].some(({ id, external_id }) => external_id === external && id !== own)
  if (external && taken) throw refuse('duplicate_external_id')
}

/** Shows a modal on top of the person's open ones. */
export function show(slack: Slack, view: View) {
  slack.workspace.views.push(view)
  slack.changed()
  return view
}

/** Replaces the content of an open view. Typed values stay if block and action ids are the same (docs/slack.md §1.5). */
export function replace(slack: Slack, view: View, source: Fields) {
  const made = content(slack, source)
  refuseDoubledExternalId(slack, made.external_id, view.id)
  Object.assign(view, made, { typed: stateOf(made.blocks, view.typed), errors: {}, trouble: undefined })
  slack.changed()
  return view
}

/** The modal of a trigger, if it is still open; only on that can a view be pushed. */
export function viewBelow(slack: Slack, trigger: Trigger): View {
  const below = slack.workspace.views.find(({ id }) => id === trigger.view)
  if (slack.workspace.homes.some(({ id }) => id === trigger.view)) {
    throw invalidArguments("must match the `type` of the root view whose stack we're pushing onto [json-pointer:/view/type]")
  }
  if (!below) throw refuse('not_found')
  if (stackOf(slack, below).length >= 3) throw refuse('push_limit_reached')
  return below
}

export function stackOf({ workspace }: Slack, view: View) {
  return workspace.views.filter(({ root_view_id }) => root_view_id === view.root_view_id)
}

export function closeViews(slack: Slack, views: View[]) {
  slack.workspace.views = slack.workspace.views.filter((view) => !views.includes(view))
  slack.changed()
}

/** A view by Slack's id or the bot's external id. */
export function namedView({ workspace }: Slack, given: Fields): View {
  const all = [...workspace.views, ...workspace.homes]
  const id = textOf(given.view_id)
  const external = textOf(given.external_id)
  const view = all.find((one) => (id ? one.id === id : external !== '' && one.external_id === external))
  if (!view) throw refuse('not_found')
  return view
}

export function checkHash(view: View, hash: unknown) {
  if (typeof hash === 'string' && hash !== '' && hash !== view.hash) throw refuse('hash_conflict')
}

/** A view in Slack's format: with the state of its inputs in payloads, without it in answers (doc-examples/views.open.json). */
export function viewObject(view: View, values: unknown = {}): Fields {
  const { user: _user, typed: _typed, errors: _errors, trouble: _trouble, ...shown } = view
  return { team_id: team, ...fieldsOf(shown), state: { values }, app_id: appId, app_installed_team_id: team, bot_id: botId }
}
