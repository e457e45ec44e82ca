import { expect, test } from 'vitest'
import { seen, startRequests } from '../approvals/start-requests.ts'

const english = /\b(the|you|your|this|that|must|needs?|waits?|request|denied)\b/i

test('alice reads Slack in Japanese: help, refusals, bad input and replies are Japanese, for bea nothing changes', async () => {
  const { alice, bea } = await startRequests()
  await alice.post('user', { locale: 'ja-JP' })

  const help = await alice.types('/quay help repo create')
  expect(seen(help)).toContain('リポジトリーの作成')
  expect(seen(help)).toContain('（必須）')
  expect(help.text).not.toMatch(english)
  expect((await alice.types('/quay repo list acme')).text).toContain('のリポジトリー')
  expect((await alice.types('/quay can-i admin globex')).text).toContain('権限はありません')
  expect((await alice.types('/quay repo create acme/✨')).text).toBe(
    'リポジトリー: namespace/name の形式で、小文字で指定してください。入力された値: 「acme/✨」。例: /quay repo create acme/web',
  )
  expect((await alice.types(`/quay repo create acme/web description="${'x'.repeat(501)}"`)).text).toMatch(/^説明: 500 文字以内/)
  expect((await alice.types('/quay repo create acme/web "open')).text).toBe('引用符が閉じられていません。')
  expect((await alice.types('/quay nonsense here')).text).toContain('はありません')
  expect((await bea.types('/quay repo list acme')).text).toContain('Repositories in *acme*')
})

test('her modal has Japanese labels, hints, choices and buttons, and says in Japanese what is wrong under a field', async () => {
  const { alice } = await startRequests()
  await alice.post('user', { locale: 'ja-JP' })

  const modal = await alice.opens('/quay repo create')
  expect(modal.title).toBe('リポジトリーの作成')
  const drawn = JSON.stringify(modal.blocks)
  for (const words of ['リポジトリーの作成', '公開設定', '非公開', 'プルできる人', '短い説明']) expect(drawn).toContain(words)
  expect(await alice.submits(modal, { repository: 'acme/✨' })).toMatchObject({
    ack: { errors: { repository: 'namespace/name の形式で、小文字で指定してください。' } },
  })
})

test('her request is English on the channel’s card (LANGUAGE), and Japanese in her direct message', async () => {
  const { alice, dora, card, notice } = await startRequests()
  await alice.post('user', { locale: 'ja-JP' })

  const refusal = await alice.types('/quay repo create globex/web')
  expect(refusal.text).toContain('globex の *作成者（Creator）* ロールが必要です。')
  const window = await alice.pressesToOpen('申請', refusal)
  expect(JSON.stringify(window.blocks)).toContain('理由')
  await alice.submits(window, { reason: '店のため' })
  const asked = await card(/:hourglass_flowing_sand: Needs .* approval\./)
  await notice(alice, /承認待ちです/)

  await dora.press('Approve', asked, 'quay-approvals')

  await card(/Approved by \*dora\* and done/)
  expect(seen(await notice(alice, /\*dora\* さんが承認し、完了しました/))).toContain('を作成しました')
})

test('where LANGUAGE is Japanese the channel’s card is, whoever asks', async () => {
  const { alice, card, notice } = await startRequests({}, { LANGUAGE: 'ja' })
  await alice.types('/quay repo create globex/web reason="shop"')
  expect(seen(await card(/承認待ちです/))).toContain('alice* さんが')
  await notice(alice, /:hourglass_flowing_sand: Needs .* approval\./)
})
