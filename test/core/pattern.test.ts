import { expect, test } from 'vitest'
import { matchesGlob, readPattern, readSharedPattern } from '../../src/core/pattern.ts'
import { growth } from './growth.ts'

const size = process.env.FAULTS === 'all' ? 1_000_000 : 100_000

const read: [pattern: string, yes: string, no: string][] = [
  ['^v', 'v1', 'dev'],
  ['JIRA-\\d+', 'for JIRA-12', 'JIRA-'],
  ['^(?:pr|mr)-[0-9]{1,4}$', 'pr-12', 'pr-12345'],
  ['(?i)hotfix', 'HOTFIX', 'fix'],
  ['^(a+)+$', 'aaa', 'aab'],
  ['é+', 'é', 'e'],
]

test.each(read)('%s matches %s and not %s', (pattern, yes, no) => {
  const found = readSharedPattern(pattern)
  expect('test' in found && [found.test(yes), found.test(no)]).toEqual([true, false])
})

const refused: [pattern: string, problem: string][] = [
  ['(', 'syntax'],
  ['[', 'syntax'],
  ['*a', 'syntax'],
  ['(?=a)b', 'look-around'],
  ['(?!a)b', 'look-around'],
  ['(?<=a)b', 'look-around'],
  ['(?<!a)b', 'look-around'],
  ['(?>a)', 'look-around'],
  ['a++', 'look-around'],
  ['(a)\\1', 'back-reference'],
  ['(?P<a>b)(?P=a)', 'back-reference'],
  ['a{1001}', 'too-large'],
  ['(((a{20}){20}){2}b){20}', 'too-large'],
  ['x'.repeat(1_001), 'too-large'],
  ['(?<name>a)', 'not-python'],
  ['\\pL', 'not-python'],
  ['[[:alpha:]]', 'not-python'],
  ['\\Qa.b\\E', 'not-python'],
  ['a\\z', 'not-python'],
  ['a(?i)b', 'not-python'],
]

test.each(refused)('%s is refused: %s', (pattern, problem) => {
  expect(readSharedPattern(pattern)).toEqual({ problem })
})

test.each(['\\(?=a', '[(?]', 'a\\\\1', '\\\\p'])('%s only looks like what is refused', (pattern) => {
  expect(readSharedPattern(pattern)).toHaveProperty('test')
})

const hostile = ['^(a+)+$', '(a|a)*b', '(.*a){20}', '([a-z]+)*$', '(a|aa)+$', '(x+x+)+y', '^(?:a?){50}a{50}$', '(?:.{0,30}a){8}']

test.each(hostile)('twice the text costs %s at most twice as much', (pattern) => {
  const found = readPattern(pattern)
  if (!('test' in found)) throw new Error('it is not taken')
  expect(
    growth(
      (text) => void found.test(text),
      (length) => `${'ax'.repeat(length / 4)}${'a'.repeat(length / 2)}!`,
      size,
    ),
  ).toBeLessThan(2.5)
})

const texts = [
  'a',
  'prod-x',
  'x-prod',
  'v1.2',
  'b-1',
  'v1.2.3',
  'v1x2x3',
  'a+b',
  'aab',
  'x',
  'a.corp.example',
  'corp.example',
  '.hidden',
  'acme/web',
]

const globs: [glob: string, matches: string[]][] = [
  ['*', texts.slice(0, -1)],
  ['**', texts],
  ['prod-*', ['prod-x']],
  ['*-prod', ['x-prod']],
  ['v?.*', ['v1.2', 'v1.2.3']],
  ['{a,b}-*', ['b-1']],
  ['[ab]*', ['a', 'b-1', 'a+b', 'aab', 'a.corp.example']],
  ['[!ab]', ['x']],
  ['v1.2.3', ['v1.2.3']],
  ['a+b', ['a+b']],
  ['*.corp.example', ['a.corp.example']],
  ['acme/*', ['acme/web']],
  ['!*-*', texts.filter((text) => !text.includes('-') && !text.includes('/')).concat('acme/web')],
  ['{a', []],
  ['(', []],
]

test.each(globs)('the glob %s matches %j', (glob, matches) => {
  expect(texts.filter((text) => matchesGlob([glob], text))).toEqual(matches)
})

test('several globs: one is enough, and one with ! takes away', () => {
  expect(matchesGlob(['prod-*', '!prod-test'], 'prod-a')).toBe(true)
  expect(matchesGlob(['prod-*', '!prod-test'], 'prod-test')).toBe(false)
  expect(matchesGlob(['a', 'b'], 'b')).toBe(true)
})

test('twice the text costs a glob of many stars at most twice as much', () => {
  const run = (text: string) => void matchesGlob([`${'*a'.repeat(12)}b`], text)
  expect(growth(run, (length) => 'a'.repeat(length), size)).toBeLessThan(2.5)
})
