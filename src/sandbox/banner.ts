import type { IncomingMessage, ServerResponse } from 'node:http'
import { foreign } from './control/guard.ts'

const people = [
  ['alice', 'creator in acme'],
  ['bea', 'admin of acme'],
  ['carl', 'admin of acme'],
  ['dora', 'superuser of Quay (account quayadmin)'],
  ['eve', 'a guest: refused'],
  ['frank', 'of another workspace: refused'],
  ['grace', 'has no Quay account'],
] as const

function curl(origin: string, path: string, body?: object) {
  return body ? `curl -s ${origin}${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'` : `curl -s '${origin}${path}'`
}

/** What to try first, as commands for a shell. */
function examples(origin: string) {
  return [
    curl(origin, '/_control/slash', { user: 'alice', channel: 'general', text: '/quay repo create acme/web' }),
    curl(origin, '/_control/messages?channel=general&user=alice'),
    curl(origin, '/_control/quay'),
  ]
}

/** What `npm start` prints when nothing is configured. */
export function banner(origin: string) {
  return [
    `Quaymaster sandbox (mode: sandbox): ${origin}`,
    '',
    'The real bot, against a simulated Slack and a simulated Quay. Nothing leaves this machine.',
    'To connect your own Slack and Quay, see the README.',
    '',
    'You can be:',
    ...people.map(([name, what]) => `  ${name.padEnd(6)} ${what}`),
    '',
    'Try:',
    ...examples(origin).map((example) => `  ${example}`),
    '',
  ].join('\n')
}

/** The address itself, in a browser: the same as the banner. */
export function startPage(request: IncomingMessage, response: ServerResponse, origin: string) {
  if (foreign(request)) return response.writeHead(403, { 'content-type': 'text/plain' }).end('Forbidden\n')
  const rows = people.map(([name, what]) => `<tr><th scope="row">${name}</th><td>${what}</td></tr>`).join('')
  const commands = examples(origin)
    .map((example) => `<pre>${example.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`)
    .join('')
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    })
    .end(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quaymaster sandbox</title>
<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{overflow:auto;background:#f2f2f5;padding:.75rem}th{text-align:left;padding-right:2rem}@media(prefers-color-scheme:dark){body{background:#17171c;color:#eee}pre{background:#26262e}}</style>
<main><h1>Quaymaster sandbox</h1><p>The real bot, against a simulated Slack and a simulated Quay. Nothing leaves this machine.</p>
<h2>You can be</h2><table>${rows}</table><h2>Try</h2>${commands}</main></html>`,
    )
}
