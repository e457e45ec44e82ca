import { distance } from 'fastest-levenshtein'
import { Failure } from '../core/failure.ts'
import { readNames } from './arguments.ts'
import { arrange } from './arrange.ts'
import type { Candidate } from './candidate.ts'
import type { Command } from './command.ts'
import { type Field, fieldsOf } from './fields.ts'
import type { Typing } from './tidy.ts'

/**
 * The right forms of words that a command refused, each with one small change: two words joined to one name, lower case, a misspelt
 * option or name of a field, an unknown flag left out, quotes around a text. Only those that the command takes whole.
 */
export function repaired(name: string, command: Command, words: string[], typing: Typing): Candidate[] {
  // A text that needs quotes and a word left out are only thought of where no spelling is wrong.
  const ways = [[...joined(words), ...respelt(command, words)], quoted(command, words), without(command, words, typing)]
  for (const tries of ways) {
    const found = tries.flatMap((attempt, score) => {
      const arranged = arrange(command, attempt, typing)
      return arranged.how === 'in order' && arranged.complete ? [{ name, command, words: attempt, arranged, sure: false, score }] : []
    })
    if (found.length > 0) return [...new Map(found.map((one) => [JSON.stringify(one.arranged.given), one])).values()].slice(0, 3)
  }
  return []
}

/** `acme ci` as `acme+ci` and `acme/ci`, `acme/ci` as `acme+ci`, a tag left out, everything in lower case. */
function joined(words: string[]): string[][] {
  const [first = '', second, ...rest] = words
  return [
    ...(second && !/[=/+]/.test(second) && !second.startsWith('-') ? ['+', '/'].map((sign) => [`${first}${sign}${second}`, ...rest]) : []),
    ...(/^[^/+=]+[/:][^/+=]+$/.test(first) ? [[first.replace(/[/:]/, '+'), ...words.slice(1)]] : []),
    ...(/^[^/+=]+[+:][^/+=]+$/.test(first) ? [[first.replace(/[+:]/, '/'), ...words.slice(1)]] : []),
    ...(first.indexOf('/') > 0 && /[@:]/.test(first.slice(first.indexOf('/'))) ? [[first.replace(/[@:].*$/s, ''), ...words.slice(1)]] : []),
    words.map((word) => (word.includes('=') ? word : word.toLowerCase())),
  ]
}

function respelt(command: Command, words: string[]): string[][] {
  const fields = fieldsOf(command)
  return words.flatMap((word, index) => {
    const [, dashes = '', name = '', value] = /^(-{0,2})([\p{L}_-]{1,60})=(.*)$/su.exec(word) ?? []
    const field = nearest(
      fields.map((one) => one.name),
      name,
    )
    const changed = name && field && field !== name ? [`${dashes}${field}=${value}`] : []
    const owner = fields.find((one) => one.name === (field ?? name))
    const named = owner && value !== undefined ? optionsNear(owner, value).map((option) => `${owner.name}=${option}`) : []
    const loose = name ? [] : fields.flatMap((one) => optionsNear(one, word))
    return [...changed, ...named, ...loose].map((better) => words.with(index, better))
  })
}

function optionsNear({ options }: Field, typed: string): string[] {
  const near = options.length > 0 && !options.includes(typed) ? nearest(options, typed) : undefined
  return near ? [near] : []
}

function nearest(all: string[], typed: string): string | undefined {
  if (typed.length < 2 || typed.length > 60) return undefined
  const ranked = all.map((one) => ({ one, misses: distance(one, typed.toLowerCase()) })).toSorted((a, b) => a.misses - b.misses)
  const [near] = ranked
  return near && near.misses <= Math.max(1, Math.floor(near.one.length / 3)) ? near.one : undefined
}

/** `message create Maintenance tonight`: the words from one on are one text. */
function quoted(command: Command, words: string[]): string[][] {
  const texts = fieldsOf(command).filter(({ type, of, id, time, secret }) => type === 'string' && !of && !id && !time && !secret)
  if (texts.length === 0 || words.length < 2) return []
  const named = words.findIndex((word) => /^[\p{L}_-]{1,60}=/u.test(word))
  if (named >= 0 && words.slice(named + 1).every((word) => !word.includes('=')))
    return [[...words.slice(0, named), words.slice(named).join(' ')]]
  return words.some((word) => word.includes('='))
    ? []
    : [0, 1, 2].flatMap((from) => (from < words.length - 1 ? [[...words.slice(0, from), words.slice(from).join(' ')]] : []))
}

/** Without one word that has no place. */
function without(command: Command, words: string[], typing: Typing): string[][] {
  return words.flatMap((word, index) => (index > 0 && isRefused(command, word, typing) ? [words.toSpliced(index, 1)] : []))
}

function isRefused(command: Command, word: string, typing: Typing) {
  try {
    readNames(command, [word], typing)
    return false
  } catch (error) {
    if (error instanceof Failure) return true
    throw error
  }
}
