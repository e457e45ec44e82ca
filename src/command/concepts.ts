/**
 * What people mean by words that name neither an object nor what is done with it, by the idea that the words share: trouble, a wish, a
 * question, an amount. `aliases` of commands are compared by idea, so `forbidden` finds what `access denied` says. One word may stand
 * for several ideas.
 */
export const concepts: Record<string, string> = {
  trouble:
    "権限がありません, 権限がない, アクセスできない, アクセスできません, back-off pulling, imagepullbackoff, errimagepull, denied, deny, forbidden, unauthorized, unauthorised, not authorized, not authorised, 401, 403, cannot, can not, cant, can't, can’t, not can, could not, couldn't, couldnt, unable, unable to, not able, impossible, not allowed, not permitted, no access, no permission, no right, no rights, refused, rejected, insufficient, won't let, doesn't let, does not let, insufficient_scope, can no longer, can no more, not possible, does not work, doesn't work, doesnt work, not working, didn't work, permission denied, access denied, do not have, don't have, dont have, have no, have not, has no, not have, no longer have, できない, できません, 拒否, 見えない, 見れない, 権限がない, 権限エラー, プッシュできない, プルできない",
  able: 'can i, may i, am i allowed, could i, do i have, allowed, able, able to, permitted, may, can, could, is it allowed, できる, できます, 可能',
  howto:
    'please can you, can you, could you, would you, can someone, could someone, can anyone, how can i, how do i, how can we, how do we, how to, how i can, how does one, how could i, how should i, how i do, is it possible to, it is possible to, possible to, is there a way to, way to, tell me how, show me how, どうやって, 方法, やり方',
  wish: 'gimme, give me, get me, want, wants, need, needs, require, requires, lend me, can i have, may i have, could i have, can i get, could i get, can we get, may i get, request, requesting, ask for, asking for, would like, should have, must have, 欲しい, ほしい, 必要, 申請したい',
  give: 'grant, give, gives, granting, allow, allows, let, lets, permit, authorize, authorise, share, hand out, assign, enable for, add-role-to-user, 付与, 許可, 与える, あげる',
  take: 'cut off, revoke, take away, take from, withdraw, strip, deprive, disallow, unshare, kick, kick out, expel, remove-role-from-user, 剥奪, 取り消し, 取り消す, 取消',
  right:
    'have push, have access, have write, have read, have admin, has push, has access, has write, has read, has admin, right, rights, access, permission, permissions, privilege, privileges, role, rolebinding, rolebindings, clusterrolebinding, clusterrolebindings, reader, writer, 権限, アクセス, アクセス権',
  read: 'when pulling, when i pull, while pulling, on pull, read, pull, download, downloads, pulls, pulled, pulling, fetch, see, view, プル, 読み取り, 読む, 閲覧',
  write:
    'when pushing, when i push, while pushing, on push, write, push, upload, publish to, pushing, pushed, pushes, プッシュ, 書き込み, 書く',
  admin:
    'leads, lead, in charge of, admin, admins, administer, administrator, administrators, owner, owners, owns, own, owned, in charge, responsible, maintainer, maintainers, 管理者, 所有者, オーナー',
  who: 'who, who did, whom, whose, which robots, which teams, which people, what people, what users, what teams, what robots, list everyone, which team, which group, which groups, everyone who, everybody who, anyone, anybody, which people, which users, which user, which accounts, everyone with, everybody with, people with, users with, all with, 誰, 誰が, だれ, だれが',
  // Questions
  when: 'when, since when, until when, what time, how old, how long, how recent, how recently, what day, いつ, いつから, いつまで',
  why: 'why, how come, reason, for what reason, what is wrong, whats wrong, what happened, なぜ, どうして, 何故, 理由',
  many: 'how many, how much, number of, count, amount, いくつ, 何個, どれだけ',
  size: 'big, large, huge, size, sizes, space, storage, disk, bytes, gigabytes, gb, capacity, room, full, biggest, largest, heaviest, how big, how large, place, footprint, df, du, 容量, サイズ, 大きさ, ディスク, ストレージ',
  total: 'total, overall, whole, altogether, in all, of everything, everything, entire, sum, 全体, 合計',
  exist: 'exist, exists, existing, there is, is there, are there, present, ある, 存在',
  vanish: 'go away, goes away, disappear, disappears, vanish, get deleted, gets deleted, be gone, get lost, 消える',
  missing: 'no such, not found, unknown, does not exist, doesn’t exist, missing, not there, is gone, 見つからない, 存在しない',
  old: 'old, older, oldest, stale, unused, outdated, ancient, 古い',
  recent: 'last, latest, recent, recently, lately, newest, most recent, 最新, 最近, 最後',
  day: 'yesterday, today, this week, last week, this month, last month, this morning, tonight, last night, 昨日, 今日, 今週, 先週, 今月, 先月',
  deed: 'what did, did what, who did, i did, have done, was done, did i do, have i done, been doing, has done, been up to',
  fail: 'stopped working, stops working, no longer works, fail, fails, failed, failing, failure, failures, broken, broke, breaks, crash, crashed, red, went wrong, unsuccessful, not succeed, 失敗, 失敗した, 壊れた',
  why_fail: 'why did it fail, what went wrong',
  output: 'log, logs, output, console, stdout, tail, trace, log-failed, ログ',
  // Objects by what they are for
  secret:
    'token, tokens, credential, credentials, creds, secret, secrets, password, passwords, passwd, pw, pass, login command, pull secret, docker-registry, dockerconfig, dockerconfigjson, api key, トークン, パスワード, 認証情報, シークレット',
  leak: 'committed, checked in, on github, in git, pasted, leak, leaked, leaks, compromised, stolen, exposed, hacked, published by accident, lost, lose, forgot, forgotten, forget, misplaced, expired password, 漏洩, 漏れた, 漏えい, 流出, 紛失, 忘れた',
  login: 'login, log in, logon, log on, sign in, signin, sign-in, logged in, logins, ログイン',
  vulnerable:
    'how bad, vulnerable, vulnerability, vulnerabilities, vulns, vuln, vulnz, cve, cves, safe, secure, security, exploit, exploits, exploitable, advisory, advisories, severity, severities, issues, findings, log4j, log4shell, openssl, heartbleed, xz, weakness, weaknesses, affected, malware, 脆弱性, セキュリティ',
  compare:
    'compare, comparison, diff, differ, differs, difference, differences, versus, vs, between, delta, fixed since, got fixed, regress, better than, worse than, 比較, 違い, 差分',
  tamper:
    'altered, edited, doctored, falsified, tamper, tampered, tampering, manipulated, forged, integrity, chain, intact, sealed, untouched, modified secretly, 改ざん, 検証',
  // People
  people: 'people, persons, members, member, colleagues, users, staff, guys, folks, メンバー',
  join: 'join, joins, joined, joining, new colleague, new hire, new joiner, newcomer, invite, onboard, belongs to, 参加, 加入, 招待',
  leave:
    'left, leave, leaves, leaving, quit, quits, offboard, resigned, gone, departed, fired, no longer works, retired, 退職, 退社, 脱退, 抜ける',
  myself: 'me, myself, my account, am i, i am, who am i, 自分, 私, わたし',
  approve: 'approve, approves, approved, approval, approvals, deny, reject, decide, decision, sign off, accept, lgtm, 承認, 却下',
  await: 'waiting, wait, pending, outstanding, open, to do, todo, to approve, have to approve, to decide, inbox, queue, 待ち, 保留',
  absent:
    'delegate, delegates, delegating, delegated, delegation, delegations, stands in, stand in for, substitute, in my absence, 委任, holiday, holidays, vacation, away, out of office, ooo, leave of absence, parental leave, deputy, substitute, stand in, 休暇, 不在, 代理',
  // Messages
  inform:
    'warn, warns, inform, notify, tell, alert, alerts, ping, let me know, let us know, watch, follow, track, subscribe, message me, keep me posted, star, starred, stars, follows, 通知, 知らせて, 購読',
  mail: 'message, messages, notification, notifications, alerts, noise, spam, news, updates, posts, mails, メッセージ, お知らせ',
  stop: 'turn off, switch off, stop, no more, no longer, anymore, any more, dont, don’t, do not, end, cease, quit, enough, unfollow, unwatch, unsubscribe, 停止, 止める, 止めて, やめる, 解除, 中止',
  hush: 'mute, silence, snooze, quiet, pause, too many, too noisy, too much, for a while, do not disturb, ミュート, 静かに',
  announce:
    'announce, announcement, broadcast, banner, tell everyone, tell everybody, inform everybody, maintenance, downtime, お知らせを出す, 告知',
  // Changes
  again:
    'again, retry, rerun, re-run, redo, repeat, restart, once more, try again, another time, rebuild, もう一度, 再実行, 再試行, やり直し, 再ビルド',
  renew:
    'rotate, regenerate, regen, renew, reset, refresh, replace, roll, recreate, invalidate, reissue, change, new, 再発行, 再生成, リセット, 更新, ローテーション',
  undo: 'by mistake, by accident, accidentally, mistakenly, 間違えて, undo, revert, restore, rollback, roll back, roll-back, bring back, get back, recover, undelete, back to, previous, 復元, 元に戻す, 戻す, ロールバック',
  freeze:
    'only readable, readable only, not writable, 読み取り専用, freeze, lock, protect, pin, immutable, unchangeable, read only, read-only, readonly, archive, write protect, locked, ロック, 保護, 固定, 凍結, アーカイブ',
  thaw: 'unfreeze, unlock, unprotect, unpin, mutable, writable, unarchive, thaw, ロック解除, 解除',
  visible:
    'anonymous, anonymously, outsider, outsiders, guests, visible, internal, closed, visibility, public, private, hidden, hide, expose, publish, unpublish, for all, for everyone, to everyone, to all, to the world, open source, 公開, 非公開, 公開設定',
  expire: 'expire, expires, expiry, expiration, ttl, run out, runs out, live, lives, lifetime, valid, validity, 有効期限, 期限, 失効',
  limit: 'limit, cap, quota, quotas, maximum, restrict, budget, 上限, 制限, クォータ',
  more: 'more, increase, raise, extend, bigger, enlarge, extra, 増やす, 増量, 拡張',
  point: 'point, promote, retag, alias, copy, cp, deploy, release, ship, タグ付け, 昇格',
  keep: 'keep, retain, retention, clean up, cleanup, clean, garbage, housekeeping, automatically, auto, prune, 整理, 掃除, 保持',
  preview: 'preview, dry run, dry-run, would, simulate, plan, what if, プレビュー, 試し',
  emergency: 'emergency, urgent, urgently, break glass, break the glass, on fire, incident, outage, 緊急, 非常',
  temporary: 'temporary, temporarily, temp, for a while, for a day, for a few, short time, limited time, 一時的, 一時',
  sync: 'sync, synced, synchronize, synchronise, synchronized, synchronization, resync, 同期',
  outside: 'docker.io, docker hub, dockerhub, upstream, external, remote, other registry, another registry, 外部',
  count_events: 'popular, popularity, statistics, stats, totals, summary, top, busiest, most, per day, how often, trend, 統計, 集計',
  file: 'csv, export, spreadsheet, excel, download, file, as a file, エクスポート',
  health:
    '動いて, 動いています, 動作, 正常, something broken, health, healthy, healthz, up, down, running, alive, working, reachable, ok, outage, 障害, 落ちて, 稼働',
  overview: 'overview, summary, dashboard, about, report, glance, 概要, サマリー',
  version: 'version, release, digest, sha, sha256, manifest, layers, architecture, バージョン, ダイジェスト',
  change_word: 'rename, rename to, describe as, caption, text, readme, 説明',
  event: 'event, events, activity, activities, happened, happens, happen, history, trail, actions, action, usage, 履歴, 操作',
}
