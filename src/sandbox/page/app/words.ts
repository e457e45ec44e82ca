// The page's own words, where Slack would translate its own: those around the bot's messages, in the language of the person.
const japanese: Record<string, string> = {
  'The app did not answer in time.': 'アプリが時間内に応答しませんでした。',
  'That did not work.': '実行できませんでした。',
  'Skip to the conversation': '会話に移動',
  'The sandbox does not answer: this is what it showed last. Start it again with':
    'サンドボックスが応答しません。最後に表示された内容です。再起動するには:',
  'App Home': 'App Home',
  Conversation: '会話',
  'The sandbox does not answer. Start it again with npm start.': 'サンドボックスが応答しません。npm start で再起動してください。',
  'Looking around…': '読み込み中…',
  Reply: '返信',
  'Reply…': '返信…',
  Send: '送信',
  Commands: 'コマンド',
  'Message to {place}': '{place} へのメッセージ',
  'Message {place}, or type / for commands': '{place} へのメッセージ（/ でコマンド）',
  'Your direct messages with the bot': 'ボットとのダイレクトメッセージ',
  members: '人のメンバー',
  Messages: 'メッセージ',
  'What only concerns you arrives here: outcomes, credentials, files. Commands work here without a slash.':
    '結果、認証情報、ファイルなど、あなただけに関係するものがここに届きます。コマンドはスラッシュなしで入力できます。',
  Type: '下に',
  'below, or follow the tour.': 'と入力するか、ツアーに従ってください。',
  'It cannot be shown here. Download it.': 'ここには表示できません。ダウンロードしてください。',
  Preview: 'プレビュー',
  Hide: '非表示',
  Download: 'ダウンロード',
  'What the bot shows you, and you alone': 'あなただけに表示される内容',
  Home: 'ホーム',
  'The bot has not drawn a home for': 'App Home はまだ表示されていません:',
  'yet.': '',
  'Only visible to you': 'あなただけに表示されます',
  '(edited)': '（編集済み）',
  'This app did not respond. Try again.': 'このアプリは応答しませんでした。もう一度お試しください。',
  'Reply in thread': 'スレッドで返信',
  open: '件を表示中',
  Close: '閉じる',
  Shortcuts: 'ショートカット',
  'Close the list of channels': 'チャンネル一覧を閉じる',
  'Channels and people': 'チャンネルとユーザー',
  Channels: 'チャンネル',
  'Direct messages': 'ダイレクトメッセージ',
  Apps: 'App',
  'Home of Quaymaster': 'Quaymaster のホーム',
  'Everything here runs on this machine. Nothing leaves it.': 'すべてこのマシン上で動作し、外部には送信されません。',
  'You are': 'あなたは',
  'Open a second window as somebody else': '別のユーザーで 2 つ目のウィンドウを開く',
  'Second window as': '2 つ目のウィンドウのユーザー',
  'Shared with another workspace': '他のワークスペースと共有',
  ', shared with another workspace': '（他のワークスペースと共有）',
  unread: '件の未読',
  Thread: 'スレッド',
  'Close the thread': 'スレッドを閉じる',
  Replies: '返信',
  'mode: sandbox': 'モード: サンドボックス',
  'mode: sandbox.': 'モード: サンドボックス。',
  'bot connected': 'ボット接続済み',
  'bot not connected': 'ボット未接続',
  Panels: 'パネル',
  'Light colors': 'ライトモード',
  'Dark colors': 'ダークモード',
  Tour: 'ツアー',
  'Guided tour': 'ガイドツアー',
  Registry: 'レジストリー',
  Traffic: '通信',
  About: '概要',
  'About this sandbox': 'このサンドボックスについて',
  'Six steps, five minutes: the real bot, a strict Slack and a strict Quay. What you see is what your team will see.':
    '6 つの手順、5 分間。本物のボットと、厳密な Slack と Quay のシミュレーターです。チームが見るものと同じ画面が表示されます。',
  'Progress of the tour': 'ツアーの進捗',
  'All six steps are done.': '6 つの手順がすべて完了しました。',
  'Step {step} of {all}': '手順 {step} / {all}',
  'Done:': '完了:',
  'Connect your own': '自分の環境に接続する',
  'Create a Slack app from': '次のファイルから Slack アプリを作成し、ワークスペースにインストールします:',
  ', and install it in your workspace.': '。',
  Copy: '次のファイルをコピーし、',
  to: '→',
  ', and fill in': '、次の値を入力します:',
  and: '、',
  'Stop the sandbox and run': 'サンドボックスを停止し、次を実行します:',
  '. The README has each step, with the scopes and why.': '。各手順、必要なスコープとその理由は README にあります。',
  'Begin again': '最初からやり直す',
  as: 'ユーザー',
  in: '場所',
  'Then press': '次に押すボタン:',
  Press: '押すボタン:',
  'Write it for me': '入力欄に入れる',
  'Become {as} and write it': '{as} になって入力欄に入れる',
  'Go there': '移動する',
  'Become {as}': '{as} になる',
  'The real bot, against a simulated Slack and a simulated Quay that refuse what the real ones refuse. Nothing leaves this machine, and nothing is kept when it stops. To connect your own Slack and Quay, see the README.':
    '本物のボットが、実物と同じように拒否する Slack と Quay のシミュレーターに接続しています。データはこのマシンの外に送信されず、停止すると破棄されます。実際の Slack と Quay への接続方法は README を参照してください。',
  'You can be': '選べるユーザー',
  Be: 'ユーザーになる:',
  'Failures to try': '試せる障害',
  'A name in a command makes the registry fail:': 'コマンドに次の名前を含めると、レジストリーの障害を再現できます:',
  ', as in': '（例:',
  '. More of them are in the Registry panel.': '）。その他の障害は「レジストリー」パネルにあります。',
  'The same from a shell': 'シェルから同じ操作をする',
  'Close the panel': 'パネルを閉じる',
  'Type to search': '入力して検索',
  'Clear the choice': '選択を解除',
  Suggestions: '候補',
  'Searching…': '検索中…',
  'Nothing found.': '見つかりません。',
  'cannot be used in the sandbox page.': 'はサンドボックスでは使用できません。',
  More: 'その他',
  today: '今日',
  yesterday: '昨日',
  tomorrow: '明日',
  Today: '今日',
  Yesterday: '昨日',
  '(optional)': '（任意）',
  'Request a repository': 'リポジトリーを申請する',
  'Alice has no permission in labs. Quaymaster does not just refuse: it requests approval from those who have it, with her reason.':
    'alice には labs の権限がありません。Quaymaster は拒否するだけでなく、理由を添えて、権限を持つ人に承認を申請します。',
  'Approve it': '承認する',
  'Bea is an admin of labs. The card in #quay-approvals has all that she needs to approve or deny. The command runs once, and the card shows who approved it.':
    'bea は labs の管理者です。#quay-approvals のカードには、承認または却下に必要な情報がすべて表示されます。コマンドは 1 回だけ実行され、承認した人がカードに表示されます。',
  'Watch a build fail': 'ビルドの失敗を見る',
  'One card is updated until the build ends: queued, pulling, building. The tests in this archive fail after about ten seconds.':
    'キュー、プル、ビルドと、終了まで 1 枚のカードが更新されます。このアーカイブのテストは約 10 秒後に失敗します。',
  'Read its log': 'ログを読む',
  'The last page comes first, because it shows why a build failed. Press Logs on the card, or type the command.':
    '失敗の原因が表示される最後のページから始まります。カードの「Logs」を押すか、コマンドを入力してください。',
  'Fix it': '修正する',
  'A build of a better archive succeeds. Bea has subscribed this channel to status changes: the card says that acme/api is fixed.':
    '修正したアーカイブのビルドは成功します。bea はこのチャンネルで状態の変化をサブスクライブしているため、acme/api が復旧したことがカードに表示されます。',
  'Page the usage logs': '使用状況ログのページを切り替える',
  'Dora is a superuser of the registry. The next page is loaded in advance; press Older.':
    'dora はレジストリーのスーパーユーザーです。次のページは事前に読み込まれています。「Older」を押してください。',
}

let language: 'en' | 'ja' = 'en'

/** The language of the person whose screen is drawn, by their Slack locale. The page draws one person's at a time. */
export function speakTo(locale: string | undefined) {
  language = locale?.toLowerCase().startsWith('ja') ? 'ja' : 'en'
  document.documentElement.lang = language
}

/** The locale for dates and times. */
export function spoken() {
  return language
}

/** A text of the page in the person's language; `{name}` stands for a value. */
export function say(text: string, values: Record<string, string | number> = {}) {
  const words = language === 'ja' ? (japanese[text] ?? text) : text
  return words.replaceAll(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))
}
