import type { ServerResponse } from 'node:http'
import { type Bundle, bundlePage } from './bundle.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // Charts and tables of the Block Kit renderer have style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#4f2bc4"/><g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"><circle cx="16" cy="8.5" r="2.5"/><path d="M16 11v14M11 14.5h10M7 18.5c0 4.5 4 6.5 9 6.5s9-2 9-6.5"/></g></svg>',
)}`

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Quaymaster sandbox</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/page/page.css">
</head>
<body><div id="page"><noscript>This page needs JavaScript. The same can be done with curl: see GET /_control/about.</noscript></div>
<script type="module" src="/page/page.js"></script></body>
</html>
`

/** Serves the sandbox page at /, and its files below /page/. */
export async function servePage(response: ServerResponse, pathname: string) {
  if (pathname === '/') send(response, 'text/html', html)
  else if (pathname === '/page/page.js') await sendPart(response, 'text/javascript', 'script')
  else if (pathname === '/page/page.css') await sendPart(response, 'text/css', 'style')
  else response.writeHead(404).end()
}

async function sendPart(response: ServerResponse, type: string, part: keyof Bundle) {
  try {
    send(response, type, (await bundlePage())[part])
  } catch (error) {
    // Sources that do not compile are a problem of the person who edits them; the sandbox goes on.
    response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
  }
}

function send(response: ServerResponse, type: string, text: string) {
  response
    .writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .end(text)
}
