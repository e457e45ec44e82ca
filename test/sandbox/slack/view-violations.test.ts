import { expect, test } from 'vitest'
import { checkBlocks, checkView } from '../../../src/sandbox/slack/block-kit-check.ts'
import type { Surface } from '../../../src/sandbox/slack/block-kit-rules.ts'
import { actions, button, confirm, field, input, long, modal, plain, section, sent, told, words } from './pieces.ts'

const views: [what: string, view: object, ...messages: string[]][] = [
  ['a modal without a title', modal({ title: undefined }), 'missing required field: title [/view]'],
  ['a title of 25', modal({ title: plain(long(25)) }), 'must be less than 25 characters [/view/title/text]'],
  ['a title in mrkdwn', modal({ title: words('x') }), 'unsupported type: mrkdwn [/view/title/type]'],
  ['a submit button of 25', modal({ submit: plain(long(25)) }), 'must be less than 25 characters [/view/submit/text]'],
  ['metadata of 3001', modal({ private_metadata: long(3001) }), 'must be less than 3001 characters [/view/private_metadata]'],
  ['a callback id of 256', modal({ callback_id: long(256) }), 'must be less than 256 characters [/view/callback_id]'],
  ['an external id of 256', modal({ external_id: long(256) }), 'must be less than 256 characters [/view/external_id]'],
  ['an unknown view', modal({ type: 'dialog' }), 'unsupported type: dialog [/view/type]'],
  ['a state, which only Slack writes', modal({ state: { values: {} } }), 'invalid additional property: state [/view]'],
  ['a home with a title', { type: 'home', title: plain('x'), blocks: [section()] }, 'invalid additional property: title [/view]'],
  ['a home with a submit button', { type: 'home', submit: plain('x'), blocks: [section()] }, 'invalid additional property: submit [/view]'],
  [
    'inputs that nobody can submit',
    modal({ blocks: [section(), input(field())] }),
    'must define `submit` to use an `input` block in modals [/view/blocks/1/input]',
  ],
  [
    'two fields that take the focus',
    modal({
      submit: plain('Go'),
      blocks: [input(field({ focus_on_load: true })), { ...input(field({ focus_on_load: true })), block_id: 'other' }],
    }),
    'only one element can set `focus_on_load` [/view/blocks/1/element/focus_on_load]',
  ],
  [
    'all that is wrong, at once',
    modal({ title: plain(long(25)), close: 'no', blocks: [section({ text: words('') }), { type: 'x' }] }),
    'must be less than 25 characters [/view/title/text]',
    'failed to match all allowed schemas [/view/blocks/0/text]',
    'must be more than 0 characters [/view/blocks/0/text/text]',
    'unsupported type: x [/view/blocks/1/type]',
    'must provide an object [/view/close]',
  ],
]

test.each(views)('%s is refused in a view', (_what, view, ...messages) => {
  expect(told(checkView(sent(view), '/view'))).toEqual(messages)
})

const allowed: [what: string, surface: Surface, blocks: unknown[]][] = [
  ['text of exactly 3000 emoji', 'message', [section({ text: words('🚀'.repeat(3000)) })]],
  [
    'checkboxes labelled in mrkdwn',
    'modal',
    [input({ type: 'checkboxes', action_id: 'c', options: [{ text: words('*A*'), value: 'a' }] })],
  ],
  ['fields without text', 'message', [{ type: 'section', fields: [words('a'), plain('b')] }]],
  ['the same action id in two blocks', 'message', [actions(button()), actions(button())]],
  ['a button with a confirmation', 'message', [actions(button({ confirm, style: 'danger', value: '1', url: 'https://quay.example.com' }))]],
  [
    'an entry of an overflow menu that is a link',
    'message',
    [section({ accessory: { type: 'overflow', action_id: 'o', options: [{ text: plain('A'), url: 'https://x.example' }] } })],
  ],
  ['an external select', 'modal', [input({ type: 'external_select', action_id: 'e', min_query_length: 0, placeholder: plain('Search') })]],
  ['date and time as input', 'modal', [input({ type: 'datetimepicker', action_id: 'd', initial_date_time: 1_700_000_000 })]],
  [
    'rich text',
    'message',
    [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] }] }],
  ],
  ['a table', 'message', [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]], column_settings: [null, { align: 'right' }] }]],
]

test.each(allowed)('%s is fine', (_what, surface, blocks) => {
  expect(checkBlocks(sent(blocks), surface, '/blocks')).toEqual([])
})
