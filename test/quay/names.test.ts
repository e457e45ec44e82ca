import { expect, test } from 'vitest'
import { isUnaddressable, namespaceOf, newRepositoryName, repositoryName, shortName, withoutNamespace } from '../../src/quay/names.ts'
import { swagger } from './recordings.ts'

const paths = Object.keys(swagger.paths)

test('every word that follows a repository in Quay’s addresses makes a name unaddressable', () => {
  const words = new Set(paths.flatMap((path) => /^\/api\/v1\/repository\/\{repository\}\/(\w+)/.exec(path)?.[1] ?? []))

  expect(words.size).toBeGreaterThan(10)
  for (const word of words) {
    expect(isUnaddressable(`acme/web/${word}`), word).toBe(true)
    expect(isUnaddressable(`acme/web/deep/${word}/x`), word).toBe(true)
    expect(isUnaddressable(`acme/${word}`), word).toBe(false)
  }
})

test('every address that stands where a repository’s name does is none', () => {
  const taken = paths.flatMap((path) => /^\/api\/v1\/repository\/([a-z]\w*\/\w+)/.exec(path)?.[1] ?? [])

  expect(taken).toEqual(['mirror/health'])
  for (const name of taken) expect(isUnaddressable(name)).toBe(true)
})

test.each(['acme/web', 'acme/team/web', 'a1/b-c_d.e', 'acme/build', 'acme/web--page', 'acme/web__page'])('%s may be created', (name) => {
  expect(newRepositoryName.safeParse(name).success).toBe(true)
})

test.each(['acme/web.', 'acme/web..page', 'acme/web-', 'acme/web___page', 'acme/web_.page'])(
  '%s may exist, but nobody could pull it',
  (name) => {
    expect(repositoryName.safeParse(name).success).toBe(true)
    expect(newRepositoryName.safeParse(name).success).toBe(false)
  },
)

test.each([
  'acme',
  'Acme/web',
  'acme/Web',
  'acme/web\n',
  'acme/',
  '/web',
  'acme//web',
  'acme/../web',
  'acme/.',
  '-acme/web',
  'acme-/web',
  'acme/web/tag/latest',
  `acme/${'x'.repeat(255)}`,
  'acme/wéb',
  'acme/web build',
])('%j is no repository', (name) => {
  expect(repositoryName.safeParse(name).success).toBe(false)
})

test.each([
  ['a', false],
  ['ab', true],
  ['ci-bot', true],
  ['ci--bot', false],
  ['CI', false],
  ['ci\n', false],
  ['ci+x', false],
])('%j as a short name: %s', (name, ok) => {
  expect(shortName.safeParse(name).success).toBe(ok)
})

test('names come apart', () => {
  expect([namespaceOf('acme/team/web'), withoutNamespace('acme/team/web')]).toEqual(['acme', 'team/web'])
  expect([namespaceOf('acme+ci'), withoutNamespace('acme+ci')]).toEqual(['acme', 'ci'])
  expect(namespaceOf('acme')).toBe('acme')
})
