import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fieldsOf } from '../../src/command/fields.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { translator } from '../../src/core/i18n.ts'
import ja from '../../src/core/languages/ja.json' with { type: 'json' }
import { buttonOf, nounOf, titledCommands, titleOf } from '../../src/surfaces/modals/titles.ts'
import { allSentences, straySentences } from './sentences.ts'
import { depthOf, habits, operatorLines, readable } from './wording.ts'

await loadCommands()

function habitsIn(text: string) {
  return habits.flatMap(({ name, pattern }) => {
    const found = pattern.exec(text)?.[0]
    return found === undefined ? [] : [`${name}: “${found}” in “${text}”`]
  })
}

// Each stood in the product once.
test.each([
  ['British spelling', 'Delete an organisation with all its repositories'],
  ['the bot as a person', 'I cannot look up the host right now.'],
  ['“Let X do Y”', 'Let Quay delete old tags by itself'],
  ['“is no …” for “is not a …”', '{repository} is no mirror.'],
  ['“may” for a permission', 'Only superusers and admins who may do it. Nobody may push.'],
  ['“stands for” for “points to”', '{tag} of {repository} stands for {digest} again.'],
  ['to hear for to be notified', 'This channel hears nothing about {repository}.'],
  ['to hand on', '{organization} hands on {upstream} now.'],
  ['to take back, away or out', 'Take the quota of a namespace away'],
  ['to put into', 'Put people or robots into a team'],
  ['archaic words', 'Type it anew.'],
  ['“has to” for “must”', 'The day has to be in the future.'],
  ['decisions for approvals', 'Nothing waits for your decision.'],
  ['rights for permissions', 'You lack the right in Quay that this needs.'],
  ['accounts for users', 'Show an account'],
  ['a robot without its account', 'Give a robot a new token'],
  ['Quay’s pages for its web console', 'New ones are set up in Quay’s pages.'],
  ['the record for the audit log', 'The record holds nothing like this.'],
  ['the run of a mirror for its sync', 'Cancel the run of a mirror'],
  ['windows for dialogs', 'This window is gone.'],
  ['asked for for requested', 'alice asks to run `/quay repo create`.'],
])('%s is noticed', (name, sentence) => {
  expect(habitsIn(readable(sentence)).map((found) => found.split(':')[0])).toContain(name)
})

test('no sentence, label, help or title has a habit of those', async () => {
  expect([...(await allSentences())].map(readable).flatMap(habitsIn)).toEqual([])
})

test('no line for operators has one: the log, the metrics', () => {
  const lines = operatorLines()
  expect(lines.length).toBeGreaterThan(80)
  expect(lines.flatMap(({ text }) => habitsIn(text))).toEqual([])
})

test('no page of the docs is in British spelling', () => {
  const pages = globSync(['README.md', 'docs/*.md', 'manifest.yml', 'policy.example.yml'])
  const wrong = pages.flatMap((page) =>
    readFileSync(page, 'utf8')
      .split('\n')
      .flatMap((line, index) => (habits[0]?.pattern.test(line) ? [`${page}:${index + 1}: ${line.slice(0, 100)}`] : [])),
  )
  expect(wrong).toEqual([])
})

// For people in Slack and operators. Quay’s own dialogs say account; the marks of policy keys are not words.
test.each(['README.md', 'docs/guide.md', 'docs/policy.md', 'docs/scopes.md', 'policy.example.yml', 'manifest.yml'])(
  'no line of %s has one',
  (page) => {
    const lines = readFileSync(page, 'utf8')
      .replaceAll(/`[^`]*`|without-right|right after|\]\([^)]*\)|docs\/decisions|sealed credentials/g, '…')
      .split('\n')
    expect(lines.flatMap(habitsIn).filter((found) => !found.startsWith('accounts for users'))).toEqual([])
  },
)

test('an error of input is a sentence of its own, that says what to enter', async () => {
  expect([...(await allSentences())].filter((sentence) => /^must\b/.test(sentence))).toEqual([])
})

test('no choice stands in a choice of a choice', async () => {
  expect([...(await allSentences())].filter((sentence) => depthOf(sentence) > 2)).toEqual([])
})

test('a text of the source that reads like a sentence for people is in the catalog', async () => {
  expect(await straySentences()).toEqual([])
})

// Quay's own term for what a noun is about: who knows the console finds it again in the help.
const terms: Record<string, RegExp> = {
  access: /temporary access/,
  audit: /audit log/,
  'break-glass': /access/,
  build: /\bbuilds?\b/,
  'can-i': /permissions?/,
  help: /help/,
  immutability: /immutab/,
  logs: /usage logs/,
  message: /global messages?/,
  mirror: /mirror|external repository/,
  notification: /notifications?/,
  org: /organizations?|members/,
  permission: /permissions?/,
  'proxy-cache': /proxy cache/,
  prune: /auto-prune/,
  quota: /storage quota/,
  registry: /registry/,
  repo: /repositor(y|ies)/,
  request: /requests?/,
  robot: /robot account/,
  scan: /vulnerabilities/,
  'service-key': /service keys/,
  setup: /set up|setup/,
  status: /status/,
  subscribe: /subscribe/i,
  subscription: /subscriptions?|events/,
  tag: /\btags?\b/,
  team: /\bteams?\b/,
  trigger: /build trigger/,
  unsubscribe: /unsubscribe/i,
  user: /\busers?\b/,
  who: /access/,
  whoami: /Quay user/,
}

const verbs =
  /^(Add|Cancel|Change|Check|Compare|Create|Delegate|Delete|Disable|Edit|Enable|End|Export|Give|Grant|List|Make|Mirror|Move|Mute|Preview|Re-enable|Recalculate|Regenerate|Remove|Reset|Restore|Retry|Revoke|Run|Set|Show|Start|Stop|Subscribe|Summarize|Sync|Take|Test|Unsubscribe|Verify|Withdraw)\b/

test.each([...commands].map(([name, { summary }]) => [name, summary]))('%s: “%s” is a verb and Quay’s term', (name, summary) => {
  expect(summary).toMatch(verbs)
  expect(summary).toMatch(terms[name.split(' ')[0] ?? ''] ?? /a term for this noun is missing in the test/)
  expect(summary).not.toMatch(/[.;:]/)
})

test('every field has a written label, and no label shows its key', () => {
  const wrong = [...commands].flatMap(([name, command]) =>
    fieldsOf(command)
      .filter(({ label, name: key }) => label === key || /_|\b(url|tls|http|https|id)\b/.test(label))
      .map(({ label }) => `${name}: ${label}`),
  )
  expect(wrong).toEqual([])
})

test.each(['en', 'ja'] as const)('the title of each modal says its action, in 24 characters (%s)', (language) => {
  const t = translator(language)
  expect([...commands].map(([name]) => name).filter((name) => !titledCommands.includes(name))).toEqual([])
  expect([...commands].map(([name]) => t.plain(titleOf(name))).filter((title) => title.length > 24)).toEqual([])
  expect([...commands].map(([name]) => t.plain(buttonOf(name))).filter((label) => label === '' || label.length > 24)).toEqual([])
  expect([...commands].map(([name]) => nounOf(name.split(' ')[0] ?? '')).filter((noun) => !/^\p{Lu}/u.test(noun))).toEqual([])
})

test.each(['en', 'ja'] as const)('no modal has two buttons that say the same (%s)', (language) => {
  const t = translator(language)
  expect([...commands.keys()].filter((name) => t.plain(buttonOf(name)) === t.plain('Cancel'))).toEqual([])
})

// Wrong classes of the Japanese texts, each with one that stood there.
const japaneseHabits: [string, RegExp][] = [
  ['the head of a chain as its beginning', /先頭の値/],
  ['other words for usage logs', /利用ログ|使用ログ/],
  ['other words for a quota', /割り当て(?!済み$)/],
  ['other words for immutability', /不変ポリシー|イミュータブル|イミュータビリティ/],
  ['the company directory', /会社のディレクトリー|社内ディレクトリー/],
  ['other words for external registries', /他のレジストリー/],
  ['to mirror without its noun', /ミラーします|ミラーをやめ|ミラーする/],
  ['to issue a token again', /再発行/],
  ['a message to everybody', /全員への(メッセージ|通知)/],
  ['decisions for approvals', /判断(?!でき|され|し)|決定を待/],
  ['to link by the English word', /リンク(さ|し|を)/],
  ['sealing', /封印/],
  ['things for people', /入っていなかったもの/],
  ['a digest as a summary', /まとめ(?!る)/],
  [
    'registries and the like without their long vowel',
    /レジストリ(?!ー)|リポジトリ(?!ー)|ディレクトリ(?!ー)|セキュリティ(?!ー)|プロキシ(?!ー)|ユーザ(?!ー)|オペレーター/,
  ],
  ['Quay’s accounts for users', /(?<!ロボット|Slack )アカウント/],
  ['a list with the commas of English', /\p{Script=Han}, |\p{Script=Katakana}, /u],
  ['a space after a full stop', /。 (?!\*)/],
  ['a half-width question mark', /[ぁ-ん]\?/],
  ['half-width brackets', /[ぁ-んァ-ヶ一-龠] ?\(|\)[ぁ-んァ-ヶ一-龠]/],
]

test.each(japaneseHabits)('no Japanese sentence has %s', (_, pattern) => {
  expect(Object.values(ja).filter((sentence) => pattern.test(sentence))).toEqual([])
})
