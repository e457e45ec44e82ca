import { expect, test } from 'vitest'
import { redact, redactLines, redactValue } from '../../src/core/redact.ts'
import { sized } from '../sized.ts'
import { costOf, growth } from './growth.ts'

// Put together here, so that nothing in this file looks like a credential to those who search for some.
const mixed = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const robot = 'A1B2C3D4E5F6G7H8J9K0LMNOPQR5STUVWX6YZ234ABCD5EFGH7JKLM8NPQRST9UV'
const oauth = 'q8Zt2LwXc7Vb1NmA5sDf0GhJk3PoIuYtReWq9ZxC'
const jwt = `${'eyJhbGciOiJIUzI1NiJ9'}.${'eyJzdWIiOiJhbGljZSJ9'}.${'dBjftJeZ4CVPmB92K27uhbUJU1p1r'}`

const cut: [line: string, becomes: string][] = [
  ['DB_PASSWORD=hunter2', 'DB_PASSWORD=[credential]'],
  ['DB_PASSWORD=with,some;signs&more', 'DB_PASSWORD=[credential]'],
  ['export DB_PASS="two words"', 'export DB_PASS="[credential]"'],
  ['PGPASSWORD=abc psql', 'PGPASSWORD=[credential] psql'],
  ['{"password":"a\\"b","user":"bea"}', '{"password":"[credential]","user":"bea"}'],
  ["{u'password': u'abc', u'user': u'bea'}", "{u'password': u'[credential]', u'user': u'bea'}"],
  ['{\\"token\\":\\"abc\\",\\"user\\":\\"bea\\"}', '{\\"token\\":\\"[credential]\\",\\"user\\":\\"bea\\"}'],
  ['password: hunter', 'password: [credential]'],
  ['  clientSecret : abcdef', '  clientSecret : [credential]'],
  ['The password is hunter2', 'The password is hunter2'],
  ['password hunter2', 'password [credential]'],
  ['<password>abc</password>', '<password>[credential]</password>'],
  ['app --token abc --verbose', 'app --token [credential] --verbose'],
  ['app --token=abc --verbose', 'app --token=[credential] --verbose'],
  ['app --api-key "abc def" x', 'app --api-key "[credential]" x'],
  ['wget --password hunter -O x', 'wget --password [credential] -O x'],
  ['docker login -u bea -p hunter2 quay.example.com', 'docker login -u bea -p [credential] quay.example.com'],
  ['docker login -u bea -phunter2 quay.example.com', 'docker login -u bea -p[credential] quay.example.com'],
  ['mysql -u root -phunter2 shop', 'mysql -u root -p[credential] shop'],
  ['sshpass -p hunter2 ssh bea@host', 'sshpass -p [credential] ssh bea@host'],
  ['curl -u bea:hunter2 https://x.example', 'curl -u [credential] https://x.example'],
  ['machine x.example login bea password hunter', 'machine x.example login bea password [credential]'],
  ['Authorization: Bearer abc.def-ghi', 'Authorization: [credential]'],
  ['-H "Authorization: Basic dXNlcjpwYXNz" https://x', '-H "Authorization: [credential]" https://x'],
  ['sent Bearer abc1def2ghi', 'sent Bearer [credential]'],
  ['sent basic dXNlcjpwYXNzd29yZA==', 'sent basic [credential]'],
  ['Cookie: session=abc123; other=def', 'Cookie: [credential]'],
  ['X-Auth-Token: abc', 'X-Auth-Token: [credential]'],
  ['AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE', 'AWS_ACCESS_KEY_ID=[credential]'],
  ['found AKIAIOSFODNN7EXAMPLE here', 'found [credential] here'],
  [`AWS_SECRET_ACCESS_KEY=${mixed}`, 'AWS_SECRET_ACCESS_KEY=[credential]'],
  [`and ${mixed} alone`, 'and [credential] alone'],
  ['https://bea:hunter2@git.example.com/x.git', 'https://[credential]@git.example.com/x.git'],
  ['https://sometoken@git.example.com/x.git', 'https://[credential]@git.example.com/x.git'],
  ['postgres://bot:a/b@db.example/quay', 'postgres://[credential]@db.example/quay'],
  ['{"proxy":"http://u:HUNTER8@x/y@proxy.example:80"}', '{"proxy":"http://[credential]@proxy.example:80"}'],
  ['posting to https://hooks.slack.com/services/T0/B0/abc failed', 'posting to https://hooks.slack.com/[credential] failed'],
  ['{"url":"https://chat-hooks.example.com/T0/abc"}', '{"url":"https://chat-hooks.example.com/[credential]"}'],
  ['https://webhook.site/3f1c', 'https://webhook.site/[credential]'],
  ['https://chat.example/api/webhooks/12345/abcdefghij', 'https://chat.example/api/webhooks/[credential]'],
  ['https://bot.example/quay/events/abcdefghijklmnop', 'https://bot.example/quay/events/[credential]'],
  ['https://s3.example/log?X-Amz-Signature=abcdef01&x=1', 'https://s3.example/log?X-Amz-Signature=[credential]&x=1'],
  ['xoxb-1-2-three and xapp-1-A2-3', '[credential] and [credential]'],
  [`ghp_${'a1B2'.repeat(9)} glpat-${'a1B2'.repeat(5)} npm_${'a1B2'.repeat(9)}`, '[credential] [credential] [credential]'],
  [`jwt ${jwt}.`, 'jwt [credential]'],
  [`oc login --token sha256~${oauth}`, 'oc login --token [credential]'],
  [`robot ${robot}`, 'robot [credential]'],
  [`Quay token ${oauth}!`, 'Quay token [credential]!'],
  ['//npm.example/:_authToken=abc', '//npm.example/:_authToken=[credential]'],
  ['_auth=YmVhOmh1bnRlcg==', '_auth=[credential]'],
  ['{"auths":{"quay.example":{"auth":"YmVhOmh1bnRlcg=="}}}', '{"auths":{"quay.example":{"auth":"[credential]"}}}'],
  ['.dockerconfigjson: abcdef', '.dockerconfigjson: [credential]'],
  ['tls.key: LS0tLS1CRUdJTg', 'tls.key: [credential]'],
  ['kind: Secret\ndata:\n  color: Ymx1ZQ==\nmetadata:\n  name: x', 'kind: Secret\ndata:\n  color: [credential]\nmetadata:\n  name: x'],
  ['hunter8 is in the settings', '[credential] is in the settings'],
  ['password=“two words” tag=x', 'password=“[credential]” tag=x'],
]

test.each(cut)('of %s is kept: %s', (text, becomes) => {
  expect(redact(text, ['hunter8'])).toBe(becomes)
})

const kept = [
  'http://127.0.0.1:3000/acme/api@sha256:0123 was pushed',
  '{"at":"http://127.0.0.1:3000","by":"ops@example.com"}',
  'https://quay.example.com/repository/acme/hooks',
  `acme/api@sha256:${'0123456789abcdef'.repeat(4)}`,
  `COPY --from=sha256:${'0123456789abcdef'.repeat(4)} /x /y`,
  'commit 1c002dd1c002dd1c002dd1c002dd1c002dd1c002',
  'integrity sha512-wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYwJalrXUtnFEMIK7MDENG==',
  'e7b2c3d4-1a2b-4c3d-8e9f-0a1b2c3d4e5f',
  'quay.example.com/acme/my-very-long-image-name-with-many-words:v1.2.3-rc.4',
  '/usr/lib/python3/dist-packages/something/very/long/path/module.py',
  'org.springframework.beans.factory.AbstractSingletonProxyFactoryBean',
  'The password must have at least 8 characters.',
  'Invalid password: it must be longer than that.',
  'Basic authentication and bearer tokens are not supported',
  'tokens: 1200, max_tokens=100, token=false',
  'the secretary wrote a tokenizer; author: bea; keys: 12',
  'password_file=/run/secrets/db token_type=bearer --password-stdin',
  'PASSWORD=$DB_PASSWORD and $TOKEN',
  'mkdir -p /srv/data && docker run -p 8080:80 -u 1000:1000 x',
  'Step 3/7 : RUN npm ci --omit=dev',
  'secret/db created, token v1.2.3 released',
  'pass: 12 fail: 0',
  'Slack refuses SLACK_BOT_TOKEN: invalid_auth. Copy it anew.',
]

test.each(kept)('%s is nobody’s credential', (line) => {
  expect(redact(line)).toBe(line)
})

const body = Array.from({ length: 4 }, (_, line) => `MIIE${'abCD12+/'.repeat(7)}${line}abc`)

test('a private key is cut on all its lines, also where a mark of it is on another page', () => {
  const key = ['-----BEGIN RSA PRIVATE KEY-----', ...body, 'abc=', '-----END RSA PRIVATE KEY-----']
  expect(redactLines(['before', ...key, 'after'])).toEqual([
    'before',
    '-----BEGIN RSA PRIVATE KEY-----',
    ...Array.from({ length: 5 }, () => '[credential]'),
    '-----END RSA PRIVATE KEY-----',
    'after',
  ])
  const numbered = redactLines(key.slice(0, 4).map((line) => `#12 0.345 ${line}`)).join('\n')
  expect(numbered).not.toContain('MIIE')
  expect(redactLines(['before', ...key.slice(2), 'after']).join('\n')).not.toMatch(/MIIE|abc=/)
  expect(redactLines(['no key: -----BEGIN PRIVATE KEY----- is missing', 'the next line stays']).at(-1)).toBe('the next line stays')
})

test('what stands under the name of a credential is cut, however deep, and every text is looked at', () => {
  const value = { token: 'abc', list: [{ note: 'password=abc' }], tokens: 12, kind: 'token', empty: { password: '' } }
  expect(redactValue(value)).toEqual({
    token: '[credential]',
    list: [{ note: 'password=[credential]' }],
    tokens: 12,
    kind: 'token',
    empty: { password: '' },
  })
})

const size = sized(30_000, 100_000, 1_000_000)
const pumps = [
  '-password',
  'password=',
  'token: ',
  '"password":"',
  "token='",
  'password=“',
  '//a:b@',
  '//a:',
  'Bearer ',
  'eyJ',
  'xoxb-',
  'a',
  '-',
  ' ',
  '\n',
]
pumps.push(
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  'kind: Secret\ndata:\n',
  'hooks.',
  'login -p ',
  '\\"',
  'aB1/',
  'A1',
  'sk-',
  '&token=',
  '<password>',
)

test.each(pumps)('twice as much of %j costs at most twice as much', (pump) => {
  const hostile = (size: number) => `${pump.repeat(Math.ceil(size / pump.length))}!`
  // What is worse than quadratic shows here already, before it would take minutes.
  expect(costOf(() => redact(hostile(20_000)))).toBeLessThan(1_000)
  expect(growth((text) => redact(text), hostile, size)).toBeLessThan(2.5)
})

test('the line that stopped the whole process for ten seconds', () => {
  const line = `${'-password'.repeat(1_000)}`
  expect(costOf(() => redact(line))).toBeLessThan(1_000)
  expect(redact(`${line}=hunter2`)).toBe(`${line}=[credential]`)
})
