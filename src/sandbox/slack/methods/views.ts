import { checkBlocks, checkMessage, checkView, type Problem } from '../block-kit-check.ts'
import { type Fields, lengthOf, textOf } from '../json.ts'
import { structured } from '../messages.ts'
import { isPerson } from '../people.ts'
import { invalidArguments, refuse } from '../refusal.ts'
import type { Slack } from '../simulation.ts'
import { validTrigger } from '../triggers.ts'
import { checkHash, makeView, namedView, readView, replace, show, viewBelow, viewObject } from '../views.ts'
import type { Method } from './method.ts'

export const viewMethods: Record<string, Method> = {
  'views.open': { perMinute: 100, required: ['view'], run: open },
  'views.push': { perMinute: 100, required: ['view'], run: push },
  'views.update': { perMinute: 100, required: ['view'], run: update },
  'views.publish': { perMinute: 100, required: ['user_id', 'view'], run: publish },
  'blocks.validate': { perMinute: 100, token: 'none', run: validate },
}

function trigger(slack: Slack, given: Fields) {
  if (!given.trigger_id) throw invalidArguments('missing required field: trigger_id [json-pointer:/trigger_id]')
  return validTrigger(slack, textOf(given.trigger_id))
}

function modal(value: unknown) {
  const view = readView(value)
  if (view.type !== 'modal') throw invalidArguments('must be a valid enum value [json-pointer:/view/type]')
  return view
}

function open(slack: Slack, given: Fields) {
  const used = trigger(slack, given)
  const view = makeView(slack, modal(given.view), used.user)
  used.used = true
  return { view: viewObject(show(slack, view)) }
}

function push(slack: Slack, given: Fields) {
  const used = trigger(slack, given)
  const source = modal(given.view)
  const view = makeView(slack, source, used.user, viewBelow(slack, used))
  used.used = true
  return { view: viewObject(show(slack, view)) }
}

function update(slack: Slack, given: Fields) {
  if (!given.view_id && !given.external_id) throw invalidArguments('missing required field: view_id [json-pointer:/view_id]')
  const source = readView(given.view)
  const view = namedView(slack, given)
  if (source.type !== view.type) throw invalidArguments('must match the `type` of the view being updated [json-pointer:/view/type]')
  checkHash(view, given.hash)
  return { view: viewObject(replace(slack, view, source)) }
}

function publish(slack: Slack, given: Fields) {
  if (!slack.manifest.homeTab) throw refuse('not_enabled')
  const source = readView(given.view)
  if (source.type !== 'home') throw invalidArguments('must be a valid enum value [json-pointer:/view/type]')
  const user = slack.workspace.users.find((one) => one.id === given.user_id && isPerson(one))
  if (!user) throw invalidArguments('invalid `user_id` [json-pointer:/user_id]')
  const shown = slack.workspace.homes.find((one) => one.user === user.id)
  if (shown) {
    checkHash(shown, given.hash)
    return { view: viewObject(replace(slack, shown, source)) }
  }
  const view = makeView(slack, source, user.id)
  slack.workspace.homes.push(view)
  slack.changed()
  return { view: viewObject(view) }
}

const checks: Record<string, { error: string; check: (value: unknown) => Problem[] }> = {
  blocks: { error: 'invalid_blocks', check: (value) => checkBlocks(value, 'message', '') },
  view: { error: 'invalid_view', check: (value) => checkView(value, '') },
  message: { error: 'invalid_message', check: (value) => checkMessage(value) },
}

/** Slack's own Block Kit check, which needs no token: exactly one of blocks, view and message (docs/slack.md §1.6). */
function validate(_slack: Slack, given: Fields) {
  const names = Object.keys(checks).filter((name) => given[name] !== undefined)
  const [name = ''] = names
  const chosen = checks[name]
  if (names.length !== 1 || !chosen) {
    throw refuse('invalid_arguments', { response_metadata: { messages: ['must provide exactly one of `blocks`, `view`, or `message`'] } })
  }
  const source = typeof given[name] === 'string' ? given[name] : JSON.stringify(given[name])
  if (lengthOf(source) > 100_000) throw invalidArguments(`must be less than 100001 characters [json-pointer:/${name}]`)
  const problems = chosen.check(structured(given[name]))
  if (problems.length > 0) throw refuse(chosen.error, { errors: problems })
  return {}
}
