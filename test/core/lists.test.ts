import { expect, test } from 'vitest'
import { translator } from '../../src/core/i18n.ts'
import { listText, sentences } from '../../src/core/lists.ts'

// Slack draws `*dora*または` with its stars.
test('a Japanese list has spaces where a letter would touch markup, and none elsewhere', () => {
  const ja = translator('ja')
  expect(listText(ja, 'disjunction', ['*dora*', '名前空間の管理者'])).toBe('*dora* または名前空間の管理者')
  expect(listText(ja, 'disjunction', ['<@U0BEA>', '<@U0CARL>'])).toBe('<@U0BEA> または <@U0CARL>')
  expect(listText(ja, 'disjunction', ['プル', 'プッシュ'])).toBe('プルまたはプッシュ')
  expect(listText(ja, 'conjunction', ['*bea*', '*carl*'])).toBe('*bea*、*carl*')
})

test('an English list is as it was', () => {
  const en = translator('en')
  expect(listText(en, 'disjunction', ['*dora*', 'admins of the namespace'])).toBe('*dora* or admins of the namespace')
  expect(listText(en, 'conjunction', ['*bea*', '*carl*'])).toBe('*bea* and *carl*')
})

test('Japanese sentences follow each other without a space', () => {
  expect(sentences(translator('ja'), ['一つ。', '', '二つ。'])).toBe('一つ。二つ。')
  expect(sentences(translator('en'), ['One.', '', 'Two.'])).toBe('One. Two.')
})

const [en, ja] = [translator('en'), translator('ja')]

test('a list in a sentence is joined when its language is known, with the words of ours in it said in it', () => {
  const sentence = ['Choose one of these: {options}.', { options: ['a', 'b*c'] }] as const
  expect(en(...sentence)).toBe('Choose one of these: a, b*c.')
  expect(ja.plain(...sentence)).toBe('次のいずれかを選択してください: a、b*c。')
  expect(ja('{label} is given twice.', { label: [{ say: 'Password' }] })).toBe('パスワードが 2 回指定されています。')
  expect(en('Choose one of these: {options}.', { options: ['*a*', '<b>'] })).toBe('Choose one of these: ∗a*, &lt;b&gt;.')
})
