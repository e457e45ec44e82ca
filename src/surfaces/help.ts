import { decidersView } from '../approvals/deciders-view.ts'
import { rulesAbout } from '../approvals/rules.ts'
import { usageOf } from '../command/arguments.ts'
import type { Command } from '../command/command.ts'
import { effectWords } from '../command/effect-words.ts'
import { fieldsOf } from '../command/fields.ts'
import { topicOf } from '../command/help-topic.ts'
import { namespaceFields } from '../command/namespaces.ts'
import { isOffered } from '../command/offered.ts'
import { commands, commandsUnder, findCommand } from '../command/registry.ts'
import type { Bot } from '../context.ts'
import { commas } from '../core/commas.ts'
import type { Translate } from '../core/i18n.ts'
import { listText } from '../core/lists.ts'
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
  | { kind: 'command'; command: string; rules: Rule[]; under?: string[] }

/** The help for a command or for the first words of several; undefined if there is none. */
export function helpFor(bot: Bot, words: string[]): Help | undefined {
  const topic = findCommand(words)?.words.length === 0 ? words : topicOf(words)
  const found = findCommand(topic)
  const commands = commandsUnder(topic).flatMap(([name, command]) => (isOffered(bot, command) ? [name] : []))
  if (found && found.words.length === 0) {
    const under = commands.filter((name) => name !== found.name)
    return { kind: 'command', command: found.name, rules: rulesAbout(bot.policy, found.name, found.command), under }
  }
  return commands.length > 0 ? { kind: 'group', words: topic.join(' '), commands } : undefined
}

/** One command, the commands of a word, all of them, or the first page. */
export function helpView(help: Help, t: Translate): Message {
  if (help.kind === 'command') return commandHelp(help, t)
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

function commandHelp({ command: name, rules, under = [] }: Extract<Help, { kind: 'command' }>, t: Translate): Message {
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
    ...(under.length > 0 ? [section(`${t('More commands')}\n${listed(under, t).join('\n')}`)] : []),
    ...rules.map((rule) => section(rulesView(rule, command, t))),
    note(
      [whoMay(command, t), changes ? t('Add {dryRun} to see the calls to Quay without making them.', { dryRun: code('--dry-run') }) : '']
        .filter(Boolean)
        .join(' '),
    ),
  )
}

/** What the policy does: who must or may request, and who approves. */
function rulesView(rule: Rule, command: Command, t: Translate) {
  const { changes } = command
  return t(
    '{ask, select, always {Approval is always required} other {Without permission you can request approval}}{where, select, no {} other { in {namespaces}}}{some, select, yes { if the command {effects}} other {}}. {deciders}',
    {
      ask: rule.ask,
      where: rule.namespaces ? 'yes' : 'no',
      namespaces: listText(t, 'disjunction', rule.namespaces ?? []),
      // A command whose effects do not depend on its input always has the one that the rule names.
      some: rule.effects && typeof changes?.effects === 'function' ? 'yes' : 'no',
      effects: rawMarkup(
        listText(
          t,
          'disjunction',
          (rule.effects ?? []).map((one) => t(effectWords[one])),
        ),
      ),
      deciders: rawMarkup(decidersView(rule, t, namespaceFields(command).length === 0 ? [] : undefined)),
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

/** The object of a permission in the words of its field: “repository”, “organization of the robot account”. */
function objectOf(command: Command, on: string, t: Translate) {
  const field = fieldsOf(command).find(({ name }) => name === on)
  const label = t.plain(field?.label ?? on)
  const named = label.charAt(0).toLowerCase() + label.slice(1)
  return field?.of === 'robot' ? t.plain('organization of the {robot}', { robot: named }) : named
}

/** Who may run the command, from the same data as the permission check. */
function whoMay(command: Command, t: Translate) {
  const { permissions: needs, runBy } = command
  if (runBy) return t(runBy)
  if (needs === 'anyone') return t('Every member of this workspace can run it.')
  if (needs === 'linked') return t('Everyone with a Quay user can run it.')
  if (needs === 'superuser') return t('Only superusers can run it.')
  const all = needs.map(({ permission, on, existing }) => {
    const field = objectOf(command, on, t)
    const needed = t(rightWords[permission], { field })
    return existing
      ? t('{needed} (if it exists: {existing})', {
          needed: rawMarkup(needed),
          existing: rawMarkup(t(rightWords[existing], { field })),
        })
      : needed
  })
  return t('You need {rights}.', { rights: rawMarkup(listText(t, 'conjunction', all)) })
}
