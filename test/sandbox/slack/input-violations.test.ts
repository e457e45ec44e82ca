import { expect, test } from 'vitest'
import { checkBlocks } from '../../../src/sandbox/slack/block-kit-check.ts'
import type { Surface } from '../../../src/sandbox/slack/block-kit-rules.ts'
import { actions, button, field, input, long, plain, section, sent, told } from './pieces.ts'

// What is wrong with inputs, in Slack's words.
const violations: [what: string, surface: Surface, blocks: unknown, ...messages: string[]][] = [
  ['a label of 2001', 'modal', [input(field(), { label: plain(long(2001)) })], 'must be less than 2001 characters [/blocks/0/label/text]'],
  ['an input without an element', 'modal', [{ type: 'input', label: plain('x') }], 'missing required field: element [/blocks/0]'],
  ['a button as input', 'modal', [input(button())], 'unsupported type: button [/blocks/0/element/type]'],
  ['an optional that is a word', 'modal', [input(field(), { optional: 'yes' })], 'must be a boolean [/blocks/0/optional]'],
  ['a field longer than 3000', 'modal', [input(field({ max_length: 3001 }))], 'must be less than 3001 [/blocks/0/element/max_length]'],
  ['a length of a half', 'modal', [input(field({ max_length: 1.5 }))], 'must provide an integer [/blocks/0/element/max_length]'],
  [
    'more at least than at most',
    'modal',
    [input(field({ min_length: 5, max_length: 4 }))],
    'must be less than `max_length` [/blocks/0/element/min_length]',
  ],
  [
    'more typed than fits',
    'modal',
    [input(field({ max_length: 3, initial_value: 'long' }))],
    'must be less than 4 characters [/blocks/0/element/initial_value]',
  ],
  [
    'bounds of a number that are numbers',
    'modal',
    [input({ type: 'number_input', is_decimal_allowed: false, min_value: 1 })],
    'must provide a string [/blocks/0/element/min_value]',
  ],
  [
    'a number without decimals said',
    'modal',
    [input({ type: 'number_input' })],
    'missing required field: is_decimal_allowed [/blocks/0/element]',
  ],
  [
    'three triggers of dispatch',
    'modal',
    [input(field({ dispatch_action_config: { trigger_actions_on: ['on_enter_pressed', 'on_character_entered', 'on_enter_pressed'] } }))],
    'no more than 2 items allowed [/blocks/0/element/dispatch_action_config/trigger_actions_on]',
  ],
  [
    'a file given on a message',
    'message',
    [input({ type: 'file_input', action_id: 'file' })],
    'unsupported type: file_input [/blocks/0/element/type]',
  ],
  [
    'a file that dispatches',
    'modal',
    [input({ type: 'file_input', action_id: 'file' }, { dispatch_action: true })],
    '`dispatch_action` cannot be used with `file_input` [/blocks/0/dispatch_action]',
  ],
  [
    'an address to answer to outside a modal',
    'message',
    [input({ type: 'conversations_select', action_id: 'where', response_url_enabled: true })],
    '`response_url_enabled` can only be used in an `input` block in modals [/blocks/0/element/response_url_enabled]',
  ],
  [
    'an address to answer to from the second of two buttons',
    'message',
    [actions(button(), { type: 'conversations_select', action_id: 'where', response_url_enabled: true })],
    '`response_url_enabled` can only be used in an `input` block in modals [/blocks/0/elements/1/response_url_enabled]',
  ],
  [
    'an address to answer to beside a section, even in a modal',
    'modal',
    [section({ accessory: { type: 'channels_select', action_id: 'where', response_url_enabled: true } })],
    '`response_url_enabled` can only be used in an `input` block in modals [/blocks/0/accessory/response_url_enabled]',
  ],
  [
    'an address to answer to for several conversations',
    'modal',
    [input({ type: 'multi_conversations_select', action_id: 'where', response_url_enabled: true })],
    'invalid additional property: response_url_enabled [/blocks/0/element]',
  ],
]

test.each(violations)('%s is refused', (_what, surface, blocks, ...messages) => {
  expect(told(checkBlocks(sent(blocks), surface, '/blocks'))).toEqual(messages)
})
