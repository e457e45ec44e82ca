import { type Fields, fieldsOf } from './json.ts'
import { address, all, anyOf, boolean, exactlyOne, list, object, oneOf, type Rule, string, typed } from './rules.ts'

// The composition objects of blocks (docs/slack.md §1.2).
const kind = string()

export const id = string({ min: 0, max: 255 })

export function plain(max: number, min = 1): Rule {
  return typed({ plain_text: object({ type: kind, text: string({ min, max }) }, { emoji: boolean }) })
}

const mrkdwn = (max: number) => object({ type: kind, text: string({ min: 1, max }) }, { verbatim: boolean })

/** Text of either kind; a problem in it is reported on both levels. */
export function words(max: number): Rule {
  return all(typed({ plain_text: object({ type: kind, text: string({ min: 1, max }) }, { emoji: boolean }), mrkdwn: mrkdwn(max) }))
}

export function textTypes(max: number): Record<string, Rule> {
  return { plain_text: plain(max), mrkdwn: mrkdwn(max) }
}

export const placeholder = plain(150)

// The documentation requires all four texts. Slack shows a dialog without one with a default, but do not rely on that.
export const confirm = object(
  { title: plain(100), text: words(300), confirm: plain(30), deny: plain(30) },
  { style: oneOf('primary', 'danger') },
)

// The documentation of python-slack-sdk says 150, the types still 75 (docs/slack.md §13), so only longer texts are refused.
const value = string({ max: 150 })

export const option = object({ text: plain(75), value }, { description: plain(75) })
/** Checkboxes and radio buttons may use mrkdwn. */
export const richOption = object({ text: words(75), value }, { description: words(75) })
export const overflowOption = object({ text: plain(75) }, { value, description: plain(75), url: address(3000) })

export const optionGroup = object({ label: plain(75), options: list(option, { min: 1, max: 100 }) })

/** One option of either form; the element decides which one it uses. */
export const optionSource = { options: list(option, { min: 1, max: 100 }), option_groups: list(optionGroup, { min: 1, max: 100 }) }

export const slackFile = object({}, { id: string({ min: 1 }), url: address() }, exactlyOne('id', 'url'))

export const dispatchConfig = object(
  {},
  { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { min: 1, max: 2 }) },
)

export const conversationFilter = object(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), { min: 1 }),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
  anyOf('include', 'exclude_external_shared_channels', 'exclude_bot_users'),
)

export const image = object(
  { type: kind, alt_text: string({ max: 2000 }) },
  { image_url: address(3000), slack_file: slackFile },
  exactlyOne('image_url', 'slack_file'),
)

export function sameOption(one: Fields, other: unknown) {
  const { text, value: chosen } = fieldsOf(other)
  return one.value === chosen && fieldsOf(one.text).text === fieldsOf(text).text
}
