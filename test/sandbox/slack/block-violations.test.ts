import { expect, test } from 'vitest'
import { checkBlocks } from '../../../src/sandbox/slack/block-kit-check.ts'
import type { Surface } from '../../../src/sandbox/slack/block-kit-rules.ts'
import { actions, button, field, long, many, plain, section, sent, told, words } from './pieces.ts'

// What is wrong with blocks, by the surface they are shown on, in Slack's words.
const violations: [what: string, surface: Surface, blocks: unknown, ...messages: string[]][] = [
  ['blocks that are no list', 'message', { type: 'section' }, 'must provide an array [/blocks]'],
  ['51 blocks in a message', 'message', many(51, () => ({ type: 'divider' })), 'no more than 50 items allowed [/blocks]'],
  ['101 blocks in a modal', 'modal', many(101, () => ({ type: 'divider' })), 'no more than 100 items allowed [/blocks]'],
  ['a modal without blocks', 'modal', [], 'must provide at least 1 items [/blocks]'],
  ['a block that is a string', 'message', ['section'], 'must provide an object [/blocks/0]'],
  ['a block without a type', 'message', [{ text: words('x') }], 'missing required field: type [/blocks/0]'],
  ['an unknown block', 'message', [{ type: 'sektion' }], 'unsupported type: sektion [/blocks/0/type]'],
  ['a markdown block in a modal', 'modal', [{ type: 'markdown', text: '# x' }], 'unsupported type: markdown [/blocks/0/type]'],
  ['an alert in a message', 'message', [{ type: 'alert', text: words('x') }], 'unsupported type: alert [/blocks/0/type]'],
  ['a file block, which only Slack writes', 'message', [{ type: 'file' }], 'unsupported type: file [/blocks/0/type]'],
  ['an unknown property', 'message', [section({ disabled: true })], 'invalid additional property: disabled [/blocks/0]'],
  ['a disabled button', 'message', [actions(button({ disabled: true }))], 'invalid additional property: disabled [/blocks/0/elements/0]'],
  ['a block id of 256', 'message', [section({ block_id: long(256) })], 'must be less than 256 characters [/blocks/0/block_id]'],
  [
    'a block id twice',
    'message',
    [section({ block_id: 'one' }), section({ block_id: 'one' })],
    '`block_id` "one" already exists [/blocks/1/block_id]',
  ],
  [
    'an action id twice in a block',
    'message',
    [actions(button(), button())],
    '`action_id` "press" already exists [/blocks/0/elements/1/action_id]',
  ],
  [
    'an action id of 256',
    'message',
    [actions(button({ action_id: long(256) }))],
    'must be less than 256 characters [/blocks/0/elements/0/action_id]',
  ],
  [
    'section text of 3001',
    'message',
    [section({ text: words(long(3001)) })],
    'failed to match all allowed schemas [/blocks/0/text]',
    'must be less than 3001 characters [/blocks/0/text/text]',
  ],
  [
    'empty section text',
    'message',
    [section({ text: words('') })],
    'failed to match all allowed schemas [/blocks/0/text]',
    'must be more than 0 characters [/blocks/0/text/text]',
  ],
  [
    'section text that is a string',
    'message',
    [section({ text: 'Hello' })],
    'failed to match all allowed schemas [/blocks/0/text]',
    'must provide an object [/blocks/0/text]',
  ],
  [
    'an unknown kind of text',
    'message',
    [section({ text: { type: 'markdown', text: 'x' } })],
    'failed to match all allowed schemas [/blocks/0/text]',
    'unsupported type: markdown [/blocks/0/text/type]',
  ],
  [
    'emoji in mrkdwn',
    'message',
    [section({ text: { type: 'mrkdwn', text: 'x', emoji: true } })],
    'failed to match all allowed schemas [/blocks/0/text]',
    'invalid additional property: emoji [/blocks/0/text]',
  ],
  [
    'verbatim in plain text',
    'message',
    [{ type: 'header', text: { type: 'plain_text', text: 'x', verbatim: true } }],
    'invalid additional property: verbatim [/blocks/0/text]',
  ],
  [
    'a section with neither text nor fields',
    'message',
    [{ type: 'section' }],
    'failed to match any allowed schemas [/blocks/0]',
    'missing required field: text [/blocks/0]',
  ],
  ['11 fields', 'message', [section({ fields: many(11, () => words('x')) })], 'no more than 10 items allowed [/blocks/0/fields]'],
  [
    'a field of 2001',
    'message',
    [section({ fields: [words(long(2001))] })],
    'failed to match all allowed schemas [/blocks/0/fields/0]',
    'must be less than 2001 characters [/blocks/0/fields/0/text]',
  ],
  ['a header of 151', 'message', [{ type: 'header', text: plain(long(151)) }], 'must be less than 151 characters [/blocks/0/text/text]'],
  ['a header in mrkdwn', 'message', [{ type: 'header', text: words('x') }], 'unsupported type: mrkdwn [/blocks/0/text/type]'],
  [
    'an image without alt_text',
    'message',
    [{ type: 'image', image_url: 'https://x.example/a.png' }],
    'missing required field: alt_text [/blocks/0]',
  ],
  ['an image without a source', 'message', [{ type: 'image', alt_text: 'x' }], 'missing required field: image_url [/blocks/0]'],
  [
    'an image with two sources',
    'message',
    [{ type: 'image', alt_text: 'x', image_url: 'https://x.example/a.png', slack_file: { id: 'F1' } }],
    'failed to match exactly one allowed schema [/blocks/0]',
  ],
  [
    'an image at no address',
    'message',
    [{ type: 'image', alt_text: 'x', image_url: 'a.png' }],
    'input must be a valid: uri [/blocks/0/image_url]',
  ],
  [
    '11 elements of context',
    'message',
    [{ type: 'context', elements: many(11, () => words('x')) }],
    'no more than 10 items allowed [/blocks/0/elements]',
  ],
  ['empty context', 'message', [{ type: 'context', elements: [] }], 'must provide at least 1 items [/blocks/0/elements]'],
  ['a button in context', 'message', [{ type: 'context', elements: [button()] }], 'unsupported type: button [/blocks/0/elements/0/type]'],
  [
    '26 actions',
    'message',
    [actions(...many(26, (index) => button({ action_id: `a${index}` })))],
    'no more than 25 items allowed [/blocks/0/elements]',
  ],
  ['a text field among actions', 'message', [actions(field())], 'unsupported type: plain_text_input [/blocks/0/elements/0/type]'],
  ['markdown of 12001', 'message', [{ type: 'markdown', text: long(12001) }], 'must be less than 12001 characters [/blocks/0/text]'],
  [
    'two tables',
    'message',
    many(2, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] })),
    'only_one_table_allowed [/blocks]',
  ],
  [
    '21 cells',
    'message',
    [{ type: 'table', rows: [many(21, () => ({ type: 'raw_text', text: 'x' }))] }],
    'no more than 20 items allowed [/blocks/0/rows/0]',
  ],
  [
    'an empty cell',
    'message',
    [{ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }],
    'must be more than 0 characters [/blocks/0/rows/0/0/text]',
  ],
  [
    'a list indented nine times',
    'message',
    [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', indent: 9, elements: [] }] }],
    'must be less than 9 [/blocks/0/elements/0/indent]',
  ],
  [
    'a card with a title that is a string',
    'message',
    [{ type: 'card', title: 'x' }],
    'failed to match all allowed schemas [/blocks/0/title]',
    'must provide an object [/blocks/0/title]',
  ],
  [
    'a folded container that cannot be unfolded',
    'message',
    [{ type: 'container', title: plain('x'), child_blocks: [{ type: 'divider' }], default_collapsed: true }],
    '`default_collapsed` needs `is_collapsible` [/blocks/0/default_collapsed]',
  ],
]

test.each(violations)('%s is refused', (_what, surface, blocks, ...messages) => {
  expect(told(checkBlocks(sent(blocks), surface, '/blocks'))).toEqual(messages)
})
