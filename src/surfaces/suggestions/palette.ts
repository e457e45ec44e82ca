import type { OptionGroup, PlainTextOption } from '@slack/types'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { identifyAlone } from '../../security/identity.ts'
import { clip, plain } from '../../slack/blocks.ts'
import { offeredTo } from '../first-contact.ts'
import { nounOf } from '../modals/titles.ts'
import { nounsOf } from '../nouns.ts'

/**
 * The command palette: everything that the person could run and that matches what was typed, by noun. Slack takes at most 100 groups
 * of 100 options with texts of 75 characters (docs/slack.md §1.4).
 */
export async function paletteFor(bot: Bot, user: string, typed: string): Promise<OptionGroup[]> {
  const person = await identifyAlone(bot, user)
  const t = translator(person.language)
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const all = nounsOf(offeredTo(bot, person)).map(([noun, names]) => ({
    label: plain(clip(t.plain(nounOf(noun)), 75)),
    options: names.map((name) => entry(name, t)).filter((one) => words.every((word) => one.text.text.toLowerCase().includes(word))),
  }))
  return all.filter(({ options }) => options.length > 0)
}

function entry(name: string, t: Translate): PlainTextOption & { value: string } {
  return { text: plain(clip(`${name} – ${t.plain(commands.get(name)?.summary ?? '')}`, 75)), value: name }
}
