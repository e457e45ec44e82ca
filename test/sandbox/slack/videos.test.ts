import { beforeEach, expect, test } from 'vitest'
import { checkBlocks } from '../../../src/sandbox/slack/block-kit-check.ts'
import { modal, plain, section, told } from './pieces.ts'
import { startConnected, trigger } from './raw-bot.ts'
import { call } from './start-slack.ts'

const { running, bot } = await startConnected()
beforeEach(() => {
  running.slack.reset()
  running.slack.workspace.scopes.push('links.embed:write')
})

const channel = 'C0GENERAL'
const problem = 'Video validation failed: Domain is not a valid unfurl domain claimed by your app'
const videoAt = (video_url: string) => ({
  type: 'video',
  alt_text: 'A film',
  title: plain('A film'),
  thumbnail_url: 'https://x.example/a.png',
  video_url,
})
const own = videoAt('https://quay.example.com/film')
const foreign = videoAt('https://films.example.com/film')

test('a video of the app’s own domain is shown once the app may embed links, and not before', async () => {
  expect((await call(running, 'chat.postMessage', { channel, blocks: [own] })).body.ok).toBe(true)
  running.slack.reset()
  expect((await call(running, 'chat.postMessage', { channel, blocks: [own] })).body).toMatchObject({
    error: 'missing_scope',
    needed: 'links.embed:write',
  })
})

test('a video of another domain is refused in a message, inside a container, in an attachment and in a modal', async () => {
  const container = { type: 'container', title: plain('x'), child_blocks: [section(), foreign] }
  expect((await call(running, 'chat.postMessage', { channel, blocks: [own, foreign, container] })).body).toMatchObject({
    error: 'invalid_blocks',
    errors: [`${problem} [json-pointer:/blocks/1]`, `${problem} [json-pointer:/blocks/2/child_blocks/1]`],
  })
  expect((await call(running, 'chat.postMessage', { channel, text: 'x', attachments: [{ blocks: [foreign] }] })).body).toMatchObject({
    error: 'invalid_attachments',
    errors: [`${problem} [json-pointer:/attachments/0/blocks/0]`],
  })
  const opened = await call(running, 'views.open', { trigger_id: await trigger(running, bot), view: modal({ blocks: [foreign] }) })
  expect(opened.body).toMatchObject({ error: 'invalid_arguments', errors: [`${problem} [json-pointer:/view/blocks/0]`] })
})

test('a video that is not encrypted on its way is refused', () => {
  expect(told(checkBlocks([videoAt('http://quay.example.com/film')], 'message', '/blocks'))).toEqual([
    'must be an HTTPS address [/blocks/0/video_url]',
  ])
})
