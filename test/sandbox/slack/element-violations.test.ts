import { expect, test } from 'vitest'
import { checkBlocks } from '../../../src/sandbox/slack/block-kit-check.ts'
import type { Surface } from '../../../src/sandbox/slack/block-kit-rules.ts'
import { actions, button, confirm, long, many, option, plain, section, select, sent, told, words } from './pieces.ts'

// What is wrong with buttons and menus, in Slack's words.
const violations: [what: string, surface: Surface, blocks: unknown, ...messages: string[]][] = [
  [
    'a button of 76',
    'message',
    [actions(button({ text: plain(long(76)) }))],
    'must be less than 76 characters [/blocks/0/elements/0/text/text]',
  ],
  ['a button in mrkdwn', 'message', [actions(button({ text: words('x') }))], 'unsupported type: mrkdwn [/blocks/0/elements/0/text/type]'],
  [
    'a value of 2001',
    'message',
    [actions(button({ value: long(2001) }))],
    'must be less than 2001 characters [/blocks/0/elements/0/value]',
  ],
  ['a value that is a number', 'message', [actions(button({ value: 7 }))], 'must provide a string [/blocks/0/elements/0/value]'],
  ['an unknown style', 'message', [actions(button({ style: 'default' }))], 'must be a valid enum value [/blocks/0/elements/0/style]'],
  ['a button to nowhere', 'message', [actions(button({ url: 'here' }))], 'input must be a valid: uri [/blocks/0/elements/0/url]'],
  [
    'a confirmation without deny',
    'message',
    [actions(button({ confirm: { ...confirm, deny: undefined } }))],
    'missing required field: deny [/blocks/0/elements/0/confirm]',
  ],
  [
    'a confirmation titled 101',
    'message',
    [actions(button({ confirm: { ...confirm, title: plain(long(101)) } }))],
    'must be less than 101 characters [/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    'a confirmation with a button of 31',
    'message',
    [actions(button({ confirm: { ...confirm, confirm: plain(long(31)) } }))],
    'must be less than 31 characters [/blocks/0/elements/0/confirm/confirm/text]',
  ],
  [
    'a menu without options',
    'message',
    [section({ accessory: select({ options: [] }) })],
    'must provide at least 1 items [/blocks/0/accessory/options]',
  ],
  [
    '101 options',
    'message',
    [section({ accessory: select({ options: many(101, (index) => option(`${index}`)) }) })],
    'no more than 100 items allowed [/blocks/0/accessory/options]',
  ],
  [
    'a menu with nothing to choose',
    'message',
    [section({ accessory: select({ options: undefined }) })],
    'missing required field: options [/blocks/0/accessory]',
  ],
  [
    'options and groups',
    'message',
    [section({ accessory: select({ option_groups: [{ label: plain('G'), options: [option()] }] }) })],
    'failed to match exactly one allowed schema [/blocks/0/accessory]',
  ],
  [
    'an option of 76',
    'message',
    [actions(select({ options: [option('a', long(76))] }))],
    'must be less than 76 characters [/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    'an option value of 151',
    'message',
    [actions(select({ options: [option(long(151))] }))],
    'must be less than 151 characters [/blocks/0/elements/0/options/0/value]',
  ],
  [
    'an option without a value',
    'message',
    [actions(select({ options: [{ text: plain('A') }] }))],
    'missing required field: value [/blocks/0/elements/0/options/0]',
  ],
  [
    'a link on an option that is not of an overflow menu',
    'message',
    [actions(select({ options: [{ ...option(), url: 'https://x.example' }] }))],
    'invalid additional property: url [/blocks/0/elements/0/options/0]',
  ],
  [
    'a first choice that is not offered',
    'message',
    [actions(select({ initial_option: option('b', 'B') }))],
    '`initial_option` must match one of the options [/blocks/0/elements/0/initial_option]',
  ],
  [
    'a placeholder of 151',
    'message',
    [actions(select({ placeholder: plain(long(151)) }))],
    'must be less than 151 characters [/blocks/0/elements/0/placeholder/text]',
  ],
  [
    'six entries of an overflow menu',
    'message',
    [actions({ type: 'overflow', action_id: 'more', options: many(6, (index) => option(`${index}`)) })],
    'no more than 5 items allowed [/blocks/0/elements/0/options]',
  ],
  [
    '11 checkboxes',
    'message',
    [actions({ type: 'checkboxes', action_id: 'tick', options: many(11, (index) => option(`${index}`)) })],
    'no more than 10 items allowed [/blocks/0/elements/0/options]',
  ],
  [
    'nothing may be chosen',
    'message',
    [actions({ type: 'multi_static_select', action_id: 'several', options: [option()], max_selected_items: 0 })],
    'must be greater than 0 [/blocks/0/elements/0/max_selected_items]',
  ],
  [
    'a date that is none',
    'message',
    [actions({ type: 'datepicker', action_id: 'when', initial_date: '2026-13-01' })],
    'input must match regex pattern: ^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$ [/blocks/0/elements/0/initial_date]',
  ],
  [
    'date and time beside a section',
    'message',
    [section({ accessory: { type: 'datetimepicker', action_id: 'when' } })],
    'unsupported type: datetimepicker [/blocks/0/accessory/type]',
  ],
  [
    'an empty filter',
    'message',
    [actions({ type: 'conversations_select', action_id: 'where', filter: {} })],
    'failed to match any allowed schemas [/blocks/0/elements/0/filter]',
    'missing required field: include [/blocks/0/elements/0/filter]',
  ],
]

test.each(violations)('%s is refused', (_what, surface, blocks, ...messages) => {
  expect(told(checkBlocks(sent(blocks), surface, '/blocks'))).toEqual(messages)
})
