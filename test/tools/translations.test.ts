import { expect, test } from 'vitest'
import { broughtUpToDate, compare } from './translations.ts'

const said = new Set(['Deleted tag {tag}.', 'Show help', 'Created {name}.'])
const translated = { 'Deleted the tag {tag}.': 'タグ {tag} を削除しました。', 'Show help': 'ヘルプを表示する', 'Take it away': '取り消す' }

test('what is missing, unused and changed is listed: a changed word orphans no translation', () => {
  expect(compare(said, translated, {})).toEqual({
    missing: ['Created {name}.'],
    unused: ['Take it away'],
    changed: [{ from: 'Deleted the tag {tag}.', to: 'Deleted tag {tag}.' }],
    unreviewed: [],
  })
})

test('a changed sentence keeps its translation, and is to be reviewed until somebody has', () => {
  const next = broughtUpToDate(translated, {}, compare(said, translated, {}))
  expect(next).toEqual({
    translated: { 'Deleted tag {tag}.': 'タグ {tag} を削除しました。', 'Show help': 'ヘルプを表示する' },
    pending: { 'Created {name}.': 'missing', 'Deleted tag {tag}.': 'changed' },
  })
  const later = compare(said, next.translated, next.pending)
  expect(later).toEqual({ missing: ['Created {name}.'], unused: [], changed: [], unreviewed: ['Deleted tag {tag}.'] })
  expect(broughtUpToDate(next.translated, next.pending, later).pending).toEqual(next.pending)
})

test('other values are another sentence: a translation would name what is not there', () => {
  expect(compare(new Set(['Deleted the tag {name}.']), { 'Deleted the tag {tag}.': '削除しました: {tag}' }, {})).toMatchObject({
    missing: ['Deleted the tag {name}.'],
    unused: ['Deleted the tag {tag}.'],
    changed: [],
  })
})

test('a sentence that changes again while it waits for review stays in the list under its new words', () => {
  const first = { 'Deleted tag {tag}.': 'タグ {tag} を削除しました。' }
  const behind = compare(new Set(['Deleted tag {tag} now.']), first, { 'Deleted tag {tag}.': 'changed' })
  expect(broughtUpToDate(first, { 'Deleted tag {tag}.': 'changed' }, behind)).toEqual({
    translated: { 'Deleted tag {tag} now.': 'タグ {tag} を削除しました。' },
    pending: { 'Deleted tag {tag} now.': 'changed' },
  })
})
