import { z } from 'zod'
import type { Command } from '../../command/command.ts'
import { commands } from '../../command/registry.ts'
import { titleOf } from '../modals/titles.ts'
import { argumentsOf, looseArguments } from './tool-schema.ts'

/** What a call of a tool does: runs a read, prepares a change, finds commands, or tells what waits. */
export type Does = { read: string } | { read: 'any' } | { prepare: string[] } | 'find' | 'status'

export interface Tool {
  name: string
  title: string
  description: string
  schema: z.ZodObject
  /** Hints only: whoever calls need not believe them. */
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean }
  does: Does
}

/** The reads with a tool of their own, by its name: those that people ask for most. All others go through `quay_read_command`. */
const reads: Record<string, string> = {
  quay_list_repositories: 'repo list',
  quay_show_repository: 'repo show',
  quay_list_tags: 'tag list',
  quay_list_builds: 'build list',
  quay_show_build_logs: 'build logs',
  quay_show_scan: 'scan show',
  quay_list_permissions: 'permission list',
  quay_who_can: 'who can',
  quay_can_i: 'can-i',
  quay_list_usage_logs: 'logs repo',
  quay_list_requests: 'request list',
  quay_list_subscriptions: 'subscription list',
  quay_show_quota: 'quota show',
  quay_whoami: 'whoami',
}

/** The changes, by the first words of their commands: one *Always allow* must not cover all of them. */
const groups: Record<string, { about: string; nouns: string[] }> = {
  repository: {
    about: 'repositories, mirrors, auto-prune and immutability policies and Quay notifications',
    nouns: ['repo', 'mirror', 'prune', 'immutability', 'notification'],
  },
  tag: { about: 'tags', nouns: ['tag'] },
  build: { about: 'builds and build triggers', nouns: ['build', 'trigger'] },
  access: { about: 'permissions, teams and robot accounts', nouns: ['permission', 'access', 'team', 'robot'] },
  organization: { about: 'organizations, proxy caches and storage quotas', nouns: ['org', 'proxy-cache', 'quota'] },
  administration: { about: 'users, global messages and the registry', nouns: ['user', 'message', 'registry'] },
  request: { about: 'the person’s own approval requests', nouns: ['request'] },
}

/**
 * Changes that Slackbot cannot prepare: an emergency is for people alone (docs/SECURITY.md rule 40), and the others are about the
 * channel in which they are typed, which a call does not name.
 */
export const typedOnly = new Set(['break-glass', 'subscribe', 'unsubscribe', 'subscription mute', 'subscription test'])

let list: Tool[] | undefined

/** All tools, always the same, in the same order: made from the declarations of the commands, which are loaded at start. */
export function tools(): Tool[] {
  list ??= [
    ...Object.entries(reads).map(([name, command]) => readTool(name, command)),
    findTool(),
    readAnyTool(),
    ...Object.entries(groups).map(([group, { about, nouns }]) => prepareTool(group, about, changesOf(nouns))),
    statusTool(),
  ]
  return list
}

/** The tool that reads or prepares a command; undefined for a command that people must type. */
export function toolFor(name: string): Tool | undefined {
  const own = tools().find(({ does }) => typeof does === 'object' && 'read' in does && does.read === name)
  const group = tools().find(({ does }) => typeof does === 'object' && 'prepare' in does && does.prepare.includes(name))
  return own ?? group ?? (commands.get(name)?.changes ? undefined : tools().find(({ name: one }) => one === 'quay_read_command'))
}

const reading = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
const preparing = { ...reading, readOnlyHint: false }

function readTool(name: string, command: string): Tool {
  const declared = commandOf(command)
  const description = [`${declared.summary}.`, declared.help, 'Answers with what this person may see.'].filter(Boolean).join(' ')
  return { name, title: titleOf(command), description, schema: argumentsOf(declared), annotations: reading, does: { read: command } }
}

function findTool(): Tool {
  return {
    name: 'quay_find_command',
    title: 'Find a command',
    description:
      'Finds the commands for a task, with their fields and the tool for each. Use it before quay_read_command and quay_prepare_….',
    schema: z.strictObject({ words: z.string().min(1).max(200).describe('What the person wants to do, in a few English words') }),
    annotations: reading,
    does: 'find',
  }
}

function readAnyTool(): Tool {
  const names = [...commands].flatMap(([name, { changes }]) => (changes ? [] : [name]))
  return {
    name: 'quay_read_command',
    title: 'Run a read-only command',
    description: 'Runs one of the commands that only read, with the person’s own permissions. It changes nothing.',
    schema: z.strictObject({ command: z.enum(names), arguments: looseArguments.optional() }),
    annotations: reading,
    does: { read: 'any' },
  }
}

function prepareTool(group: string, about: string, names: string[]): Tool {
  return {
    name: `quay_prepare_${group}`,
    title: `Prepare a change: ${group}`,
    description: `Prepares a change of ${about}. Nothing changes yet: Quaymaster sends the person a direct message with a preview, and only their press of Apply there runs it. No tool can press it.`,
    schema: z.strictObject({
      command: z.enum(names),
      arguments: looseArguments.optional(),
      reason: z.string().max(500).optional().describe('Why the person needs it, in their own words, for approvers'),
    }),
    annotations: preparing,
    does: { prepare: names },
  }
}

function statusTool(): Tool {
  return {
    name: 'quay_request_status',
    title: 'Show what waits',
    description: 'Shows an approval request by its ID, or without one the prepared changes that wait for the person’s press of Apply.',
    schema: z.strictObject({ request: z.string().max(100).optional().describe('The ID of an approval request') }),
    annotations: reading,
    does: 'status',
  }
}

function changesOf(nouns: string[]) {
  return [...commands].flatMap(([name, { changes }]) =>
    changes && nouns.includes(name.split(' ')[0] ?? '') && !typedOnly.has(name) ? [name] : [],
  )
}

function commandOf(name: string): Command {
  const found = commands.get(name)
  if (!found) throw new TypeError(`There is no command ${name}`)
  return found
}
