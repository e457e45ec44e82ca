// The emoji a bot of this kind writes; Slack's whole set is in emoji-datasource. What is missing here stays as it was typed.
const names: Record<string, string> = {
  '✅': 'white_check_mark',
  '☑': 'ballot_box_with_check',
  '✔': 'heavy_check_mark',
  '❌': 'x',
  '✖': 'heavy_multiplication_x',
  '❗': 'exclamation',
  '❓': 'question',
  '⚠': 'warning',
  '⛔': 'no_entry',
  '🚫': 'no_entry_sign',
  '⏳': 'hourglass_flowing_sand',
  '⌛': 'hourglass',
  '⏱': 'stopwatch',
  '⏰': 'alarm_clock',
  '🔒': 'lock',
  '🔓': 'unlock',
  '🔑': 'key',
  '🛡': 'shield',
  '🔨': 'hammer',
  '🔧': 'wrench',
  '🏗': 'building_construction',
  '⚙': 'gear',
  '🤖': 'robot_face',
  '👤': 'bust_in_silhouette',
  '👥': 'busts_in_silhouette',
  '📦': 'package',
  '🐳': 'whale',
  '🏷': 'label',
  '📄': 'page_facing_up',
  '📋': 'clipboard',
  '📝': 'memo',
  '🗑': 'wastebasket',
  '🔍': 'mag',
  '🔔': 'bell',
  '🔕': 'no_bell',
  '🔗': 'link',
  '🔄': 'arrows_counterclockwise',
  '🔁': 'repeat',
  '▶': 'arrow_forward',
  '⏸': 'double_vertical_bar',
  '⏹': 'black_square_for_stop',
  '➡': 'arrow_right',
  '⬅': 'arrow_left',
  '🔴': 'red_circle',
  '🟠': 'large_orange_circle',
  '🟡': 'large_yellow_circle',
  '🟢': 'large_green_circle',
  '🔵': 'large_blue_circle',
  '⚪': 'white_circle',
  '🚀': 'rocket',
  '🎉': 'tada',
  '👍': '+1',
  '👎': '-1',
  '👋': 'wave',
  '🙂': 'slightly_smiling_face',
  '🔥': 'fire',
  '💥': 'boom',
  '🐛': 'bug',
  '💡': 'bulb',
  ℹ: 'information_source',
  '⬇': 'arrow_down',
  '⬆': 'arrow_up',
  '↩': 'leftwards_arrow_with_hook',
  '➕': 'heavy_plus_sign',
  '➖': 'heavy_minus_sign',
  '❔': 'grey_question',
  '📰': 'newspaper',
  '🚨': 'rotating_light',
}

const pattern = new RegExp(`(?:${Object.keys(names).join('|')})\uFE0F?`, 'gu')

/** Emoji as Slack stores them: `✅` comes back as `:white_check_mark:` (facts §6, normalised echo). */
export function withColons(text: string) {
  return text.replaceAll(pattern, (one) => `:${names[one.replace('\uFE0F', '')]}:`)
}

const pictures = new Map(Object.entries(names).map(([picture, name]) => [name, picture]))

/** The picture that a name between colons stands for. The selector asks for the coloured drawing of what is also a letter. */
export function emojiOf(name: string) {
  const picture = pictures.get(name)
  return picture && /^\p{Emoji_Presentation}/u.test(picture) ? picture : picture && `${picture}\uFE0F`
}
