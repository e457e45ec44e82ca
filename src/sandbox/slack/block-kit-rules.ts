import { image, plain, slackFile, textTypes, words } from './composition-rules.ts'
import { dataTable, dataVisualization, plan, taskCard } from './data-block-rules.ts'
import { accessories, actionElements, inputElements, modalInputs } from './element-rules.ts'
import { fieldsOf, isFields, listOf, textOf } from './json.ts'
import { alert, block, card, carousel, contextActions, table } from './newer-block-rules.ts'
import { richText, richTextParts } from './rich-text-rules.ts'
import { address, anyOf, boolean, exactlyOne, list, number, object, oneOf, type Rule, semantic, string, typed } from './rules.ts'

export type Surface = 'message' | 'modal' | 'home'

// The blocks of Block Kit and the rules of each (docs/slack.md §1.3).
const kind = string()

const source = exactlyOne('image_url', 'slack_file')

const section = block(
  {},
  { text: words(3000), fields: list(words(2000), { min: 1, max: 10 }), accessory: typed(accessories), expand: boolean },
  anyOf('text', 'fields'),
  noResponseUrl,
)
const header = block({ text: plain(150) }, { level: number({ min: 1, max: 6 }) })
const divider = block({})
const imageBlock = block(
  { alt_text: string({ max: 2000 }) },
  { image_url: address(3000), slack_file: slackFile, title: plain(2000) },
  source,
)
const context = block({ elements: list(typed({ image, ...textTypes(3000) }), { min: 1, max: 10 }) })
const actions = block({ elements: list(typed(actionElements), { min: 1, max: 25 }) }, {}, noResponseUrl)
const richTextBlock = block({ elements: richTextParts })
const markdown = block({ text: string({ min: 1, max: 12_000 }) })

const dispatches: Rule = (value, at) => {
  const { element, dispatch_action } = fieldsOf(value)
  if (dispatch_action !== true || fieldsOf(element).type !== 'file_input') return []
  return [semantic('`dispatch_action` cannot be used with `file_input`', `${at}/dispatch_action`)]
}

function input(surface: Surface) {
  const allowed = typed(surface === 'modal' ? modalInputs : inputElements)
  const optional = { hint: plain(2000), optional: boolean, dispatch_action: boolean }
  return block({ label: plain(2000), element: allowed }, optional, dispatches, ...(surface === 'modal' ? [] : [noResponseUrl]))
}

// Only a single select of conversations or channels in a modal's input can request a response_url.
function noResponseUrl(value: unknown, at: string) {
  const { element, accessory, elements } = fieldsOf(value)
  const placed = [
    { one: element, where: `${at}/element` },
    { one: accessory, where: `${at}/accessory` },
    ...listOf(elements).map((one, index) => ({ one, where: `${at}/elements/${index}` })),
  ]
  return placed
    .filter(({ one }) => isFields(one) && one.response_url_enabled === true)
    .map(({ where }) => semantic('`response_url_enabled` can only be used in an `input` block in modals', `${where}/response_url_enabled`))
}

const secureAddress: Rule = (value, at) => {
  const wrong = address()(value, at)
  if (wrong.length > 0 || URL.parse(textOf(value))?.protocol === 'https:') return wrong
  return [semantic('must be an HTTPS address', at)]
}

const video = block(
  { alt_text: string({ min: 1 }), title: plain(199), thumbnail_url: address(), video_url: secureAddress },
  {
    author_name: string({ max: 49 }),
    description: plain(199),
    provider_icon_url: address(),
    provider_name: string({ max: 50 }),
    title_url: address(),
  },
)

const collapses: Rule = (value, at) => {
  const { default_collapsed, is_collapsible } = fieldsOf(value)
  if (default_collapsed === undefined || is_collapsible === true) return []
  return [semantic('`default_collapsed` needs `is_collapsible`', `${at}/default_collapsed`)]
}

function container(surface: Surface) {
  const inner = {
    actions,
    context,
    divider,
    header,
    image: imageBlock,
    input: input(surface),
    rich_text: richTextBlock,
    section,
    table,
    video,
  }
  return block(
    { child_blocks: list(typed(inner), { min: 1, max: 10 }) },
    {
      title: plain(150),
      rich_text_title: richText,
      subtitle: plain(150),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: typed({ image }),
      is_collapsible: boolean,
      default_collapsed: boolean,
      has_header_divider: boolean,
    },
    anyOf('title', 'rich_text_title'),
    collapses,
  )
}

const everywhere = { section, header, divider, image: imageBlock, context, actions, rich_text: richTextBlock, card, video }

/** The blocks allowed on each surface; any other block is an unsupported type. */
const surfaces: Record<Surface, Record<string, Rule>> = {
  message: {
    ...everywhere,
    input: input('message'),
    markdown,
    table,
    data_table: dataTable,
    data_visualization: dataVisualization,
    carousel,
    container: container('message'),
    context_actions: contextActions,
    task_card: taskCard,
    plan,
  },
  modal: { ...everywhere, input: input('modal'), alert },
  home: { ...everywhere, input: input('home'), table, data_table: dataTable, container: container('home') },
}

const most: Record<Surface, { min?: number; max: number }> = {
  message: { max: 50 },
  modal: { min: 1, max: 100 },
  home: { min: 1, max: 100 },
}

export function blocksRule(surface: Surface) {
  return list(typed(surfaces[surface]), most[surface])
}

const viewTexts = { private_metadata: string({ max: 3000 }), callback_id: string({ max: 255 }), external_id: string({ max: 255 }) }

/** The views of modals and App Home (docs/slack.md §1.5). */
export const viewRule = typed({
  modal: object(
    { type: kind, title: plain(24), blocks: blocksRule('modal') },
    { ...viewTexts, submit: plain(24), close: plain(24), clear_on_close: boolean, notify_on_close: boolean, submit_disabled: boolean },
  ),
  home: object({ type: kind, blocks: blocksRule('home') }, viewTexts),
})
