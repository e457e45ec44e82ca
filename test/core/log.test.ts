import { expect, test } from 'vitest'
import { redact } from '../../src/core/log.ts'

const cut: [line: string, becomes: string][] = [
  ['{"proxy":"http://u:HUNTER8@x/y@proxy.example:80"}', '{"proxy":"http:[credential]proxy.example:80"}'],
  ['postgres://bot:a/b@db.example/quay', 'postgres:[credential]db.example/quay'],
  ['posting to https://hooks.slack.com/services/T0/B0/abc failed', 'posting to [credential] failed'],
  ['{"url":"https://chat-hooks.example.com/T0/abc"}', '{"url":"[credential]"}'],
  ['https://webhook.site/3f1c', '[credential]'],
  ['Authorization: Bearer abc.def-ghi', 'Authorization: [credential]'],
  ['xoxb-1-2-three and xapp-1-A2-3', '[credential] and [credential]'],
  ['hunter2 is in the settings', '[credential] is in the settings'],
]

test.each(cut)('of %s a log keeps %s', (line, becomes) => {
  expect(redact(line, ['hunter2'])).toBe(becomes)
})

const kept = [
  'http://127.0.0.1:3000/acme/api@sha256:0123 was pushed',
  '{"at":"http://127.0.0.1:3000","by":"ops@example.com"}',
  'https://quay.example.com/repository/acme/hooks',
]

test.each(kept)('%s is nobody’s credential', (line) => {
  expect(redact(line)).toBe(line)
})
