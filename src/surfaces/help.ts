import { decidersView } from '../approvals/card.ts'
import { rulesAbout } from '../approvals/rules.ts'
import { usageOf } from '../command/arguments.ts'
import type { RequiredPermissions } from '../command/command.ts'
import { effectWords } from '../command/effect-words.ts'
import { fieldsOf } from '../command/fields.ts'
import { topicOf } from '../command/help-topic.ts'
import { isOffered } from '../command/offered.ts'
import { commands, commandsUnder, findCommand } from '../command/registry.ts'
import type { Bot } from '../context.ts'
import type { Translate } from '../core/i18n.ts'
import { commas, listText } from '../core/lists.ts'
import type { Rule } from '../core/policy.ts'
import { slash } from '../core/slash-command.ts'
import type { Permission } from '../security/permissions.ts'
import { bold, code, lines, type Message, message, note, rawMarkup, section } from '../slack/blocks.ts'
import type { FirstContact } from './first-contact.ts'
import { firstContactView } from './first-contact-view.ts'
import { nounGroups, nounsOf } from './nouns.ts'

/** The content of the help: first contact, every command by its noun, the commands under a word, or one command. Rendered later. */
export type Help =
  | FirstContact
  | { kind: 'all'; commands: string[] }
  | { kind: 'group'; words: string; commands: string[] }
  | { kind: 'command'; command: string; rules: Rule[] }

/** The help for a command or for the first words of several; undefined if there is none. */
export function helpFor(bot: Bot, words: string[]): Help | undefined {
  const topic = findCommand(words)?.words.length === 0 ? words : topicOf(words)
  const found = findCommand(topic)
  if (found && found.words.length === 0)
    return { kind: 'command', command: found.name, rules: rulesAbout(bot.policy, found.name, found.command) }
  const commands = commandsUnder(topic).flatMap(([name, command]) => (isOffered(bot, command) ? [name] : []))
  return commands.length > 0 ? { kind: 'group', words: topic.join(' '), commands } : undefined
}

/** One command, the commands of a word, all of them, or the first page. */
export function helpView(help: Help, t: Translate): Message {
  if (help.kind === 'command') return commandHelp(help.command, help.rules, t)
  if (help.kind === 'overview') return firstContactView(help, t)
  if (help.kind === 'all') return allView(help.commands, t)
  return message(t('Commands that begin with {words}', { words: code(slash(help.words)) }), ...lines(listed(help.commands, t)))
}

/** One line for each noun, in groups. */
function allView(names: string[], t: Translate): Message {
  const nouns = new Map(nounsOf(names))
  const groups = nounGroups.flatMap(({ message: title, nouns: under }) => {
    const rows = under.flatMap((noun) => {
      const verbs =
        nouns
          .get(noun)
          ?.map((name) => name.slice(noun.length + 1))
          .filter(Boolean) ?? []
      if (!nouns.has(noun)) return []
      return [verbs.length > 0 ? `${code(slash(noun)).markup} ${commas(t, verbs)}` : code(slash(noun)).markup]
    })
    return rows.length > 0 ? [section(`*${t.plain(title)}*\n${rows.join('\n')}`)] : []
  })
  return message(
    t('Commands that you can run, by first word. For details of a word, type {example}.', { example: code(slash('help repo')) }),
    ...groups,
  )
}

function listed(names: string[], t: Translate) {
  return names.map((name) =>
    t('{command} – {summary}', { command: code(slash(name)), summary: t.plain(commands.get(name)?.summary ?? '') }),
  )
}

function commandHelp(name: string, rules: Rule[], t: Translate): Message {
  const command = commands.get(name)
  if (!command) throw new TypeError(`There is no command ${name}`)
  const { summary, help, examples, changes } = command
  const inputs = fieldsOf(command).map((field) =>
    t('• {field}{required, select, yes { (required)} other {}}{hint}', {
      field: bold(field.name),
      required: field.required ? 'yes' : 'no',
      hint: field.hint ? rawMarkup(` – ${t(field.hint)}`) : '',
    }),
  )
  return message(
    t('{command} – {summary}', { command: code(slash(name)), summary: t.plain(summary) }),
    section(code(usageOf(name, command)).markup),
    ...(inputs.length > 0 ? lines(inputs) : []),
    ...(help ? [section(t(help))] : []),
    section(`${t('Examples')}\n${examples.map((example) => code(slash(example)).markup).join('\n')}`),
    ...rules.map((rule) => section(rulesView(rule, t))),
    note(
      [
        whoMay(command.permissions, t),
        changes ? t('Add {dryRun} to see the calls to Quay without making them.', { dryRun: code('--dry-run') }) : '',
      ]
        .filter(Boolean)
        .join(' '),
    ),
  )
}

/** What the policy does: who must or may request, and who approves. */
function rulesView(rule: Rule, t: Translate) {
  return t(
    '{ask, select, always {Approval is always required} other {Without permission you can request approval}}{where, select, no {} other { in {namespaces}}}{some, select, yes {, if the command {effects}} other {}}. {deciders}',
    {
      ask: rule.ask,
      where: rule.namespaces ? 'yes' : 'no',
      namespaces: listText(t, 'disjunction', rule.namespaces ?? []),
      some: rule.effects ? 'yes' : 'no',
      effects: rawMarkup(
        listText(
          t,
          'disjunction',
          (rule.effects ?? []).map((one) => t(effectWords[one])),
        ),
      ),
      deciders: rawMarkup(decidersView(rule, t)),
    },
  )
}

const rightWords: Record<Permission, string> = {
  read: 'read permission on the {field}',
  write: 'write permission on the {field}',
  admin: 'admin permission on the {field}',
  member: 'membership in the {field}',
  create: 'the creator role in the namespace of the {field}',
}

/** Who may run the command, from the same data as the permission check. */
export function whoMay(needs: RequiredPermissions, t: Translate) {
  if (needs === 'anyone') return t('Every member of this workspace can run it.')
  if (needs === 'linked') return t('Everyone with a Quay user can run it.')
  if (needs === 'superuser') return t('Only superusers can run it.')
  const all = needs.map(({ permission, on, existing }) => {
    const needed = t(rightWords[permission], { field: on })
    return existing
      ? t('{needed} (if it exists: {existing})', {
          needed: rawMarkup(needed),
          existing: rawMarkup(t(rightWords[existing], { field: on })),
        })
      : needed
  })
  return t('You need {rights}.', { rights: rawMarkup(listText(t, 'conjunction', all)) })
}
