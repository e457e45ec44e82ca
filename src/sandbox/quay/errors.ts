import type { Answer, Call, World } from './call.ts'

/** Leaves the handler with Quay's refusal; `refusalOf` finds it again. */
export function refuse(answer: Answer): never {
  throw Object.assign(new Error(`refused with ${answer.status}`), { answer })
}

export function refusalOf(error: unknown) {
  return error instanceof Error && 'answer' in error ? (error.answer as Answer) : undefined // only refuse() sets it
}

// ApiException (docs/quay.md, Errors 1).
export function apiException(world: World, status: number, type: string, detail: string, more: Record<string, unknown> = {}): Answer {
  const url = `${world.origin()}/api/v1/error/${type}`
  return { status, body: { ...more, detail, error_message: detail, error_type: type, title: type, type: url, status } }
}

export function notFound(call: Call, detail = 'Not Found'): never {
  refuse(apiException(call.world, 404, 'not_found', detail))
}

export function invalidRequest(call: Call, detail: string): never {
  refuse(apiException(call.world, 400, 'invalid_request', detail))
}

/** Without an account 401, with one 403; missing scope and missing right look the same (docs/quay.md, Authentication). */
export function unauthorized(call: Call, more: Record<string, unknown> = {}): never {
  if (call.account) refuse(apiException(call.world, 403, 'insufficient_scope', 'Unauthorized'))
  refuse(apiException(call.world, 401, 'invalid_token', 'Requires authentication', more))
}

// Shape 2, DataModelException, and shape 3, flask-restful's abort, share `{message}`.
export function message(status: number, text: unknown): never {
  refuse({ status, body: { message: text } })
}

export function dataModelError(text: string): never {
  message(400, text)
}

// Shape 4; the browser check and the CSRF check answer as text/html although the body is JSON (recorded).
export function bareError(status: number, text: string): never {
  refuse({ status, html: `{"error": "${text}"}` })
}

// Shape 5: the mirror endpoints.
export function mirrorError(status: number, detail: string): never {
  refuse({ status, body: { detail } })
}

// Shape 6: HTML.
export function serverError(): never {
  const html =
    '<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n    <h1><p>Internal Server Error</p></h1>\n    \n  </body>\n</html>\n'
  refuse({ status: 500, html, headers: { 'content-type': 'text/html' } })
}

export function unknownPage(): Answer {
  const html =
    '<!DOCTYPE html>\n<html ng-app="quay" class="onprem">\n  <head>\n    <base href="/">\n  <title>Quay</title>\n</head>\n<body></body>\n</html>\n'
  return { status: 404, html, headers: { 'cache-control': 'no-cache, no-store, must-revalidate' } }
}

export function methodPage(): Answer {
  const html =
    '<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n<p>The method is not allowed for the requested URL.</p>\n'
  return { status: 405, html, headers: { allow: 'OPTIONS, GET, HEAD' } }
}

export function redirect(location: string): Answer {
  const html = `<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n<p>You should be redirected automatically to the target URL: <a href="${location}">${location}</a>. If not, click the link.\n`
  return { status: 308, html, headers: { location } }
}
