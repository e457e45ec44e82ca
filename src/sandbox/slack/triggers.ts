import { randomBytes } from 'node:crypto'
import { refuse } from './refusal.ts'
import type { Slack, Trigger } from './simulation.ts'

const lifetime = 3000

/** A trigger for a person's action. It opens one view, within three seconds (docs/slack.md §3). */
export function issueTrigger(slack: Slack, user: string, view?: string) {
  slack.counter += 1
  const id = `${slack.clock()}${slack.counter}.${1_000_000 + slack.counter}.${randomBytes(16).toString('hex')}`
  slack.triggers.push({ id, user, view, issued: slack.clock(), used: false })
  slack.triggers = slack.triggers.slice(-1000)
  return id
}

/** The trigger, if it is still valid. It is used up only when the view is accepted. */
export function validTrigger(slack: Slack, id: string): Trigger {
  const trigger = slack.triggers.find((one) => one.id === id)
  if (!trigger) throw refuse('invalid_trigger_id')
  if (trigger.used) throw refuse('exchanged_trigger_id')
  if (slack.clock() - trigger.issued > lifetime) throw refuse('expired_trigger_id')
  return trigger
}
