import type { ModalView } from '@slack/types'
import { shownByWord } from '../../command/object-words.ts'
import { type Bot, withoutCache } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { hostsOf } from '../../quay/hosts.ts'
import { identify, type Person } from '../../security/identity.ts'
import { checkAccount } from '../../security/permissions.ts'
import { code, type Message, message, note } from '../../slack/blocks.ts'
import { plainBlocks } from '../../slack/fitted.ts'
import { execute } from '../execute.ts'
import type { Request } from '../handle.ts'
import { noticeModal } from '../modals/modal.ts'
import { typingOf } from '../typing.ts'
import { referencesIn } from './references.ts'

/** docs/SECURITY.md rule 44. */
const atMost = 10
const blocksOfOne = 8

export interface LookedUp {
  user: string
  /** The message, as Slack gave it. It is read here and never kept. */
  message: unknown
  /** The trigger, by which the same press is known again. */
  key: string
}

/** The modal with what a message refers to, each as whoever pressed may see it now. Throws the Failures of `identify`. */
export async function lookUp(all: Bot, { user, message: said, key }: LookedUp, request: Request): Promise<ModalView> {
  const bot = withoutCache(all)
  const person = await identify(bot, user)
  checkAccount(bot, person)
  const t = translator(person.language)
  const words = referencesIn(said, hostsOf(bot.quay))
  const shown = words.slice(0, atMost)
  const found: Message[] = []
  // One after the other: a person's calls to Quay take turns anyway, and the modal has one picture.
  for (const word of shown) found.push(await cardOf(bot, { word, person, key }, request, t))
  const rest = words.length - shown.length
  const first = message(
    t(
      '{count, plural, =0 {This message has no references to {registry}.} one {# reference in this message} other {# references in this message}}',
      {
        count: words.length,
        registry: new URL(bot.quay.url).host,
      },
    ),
  )
  const more = rest > 0 ? [note(t('{rest, plural, one {# more reference is} other {# more references are}} not shown.', { rest }))] : []
  const blocks = [
    ...first.blocks,
    ...found.flatMap((one) => [{ type: 'divider' as const }, ...plainBlocks(one.blocks).slice(0, blocksOfOne)]),
    ...more,
  ]
  return noticeModal(t.plain('Look up in Quay'), { blocks }, t)
}

interface Named {
  word: string
  person: Person
  key: string
}

async function cardOf(bot: Bot, { word, person, key }: Named, request: Request, t: Translate): Promise<Message> {
  const none = message(t('{word}: not found, or you can’t see it.', { word: code(word) }))
  const shown = shownByWord(word, await typingOf(bot, person.id))
  if (!shown) return none
  try {
    const outcome = await execute(bot, { ...shown, user: person.id, key: `${key} ${word}`, ...request })
    return outcome.state === 'done' ? outcome.command.view(outcome.result, t) : none
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    // What does not exist and what may not be seen look alike.
    if (error.code === 'denied' || error.code === 'not_found') return none
    return message(t('{word}: {problem}', { word: code(word), problem: t.plain(error.sentence.message, error.sentence.values) }))
  }
}
