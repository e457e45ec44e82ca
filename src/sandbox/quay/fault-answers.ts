import type { Answer, World } from './call.ts'
import { apiException } from './errors.ts'

const titles: Record<number, string> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

const csrf = { status: 403, html: '{"error": "CSRF token was invalid or missing."}' }

/** What stands in front of Quay answers a broken or overrun Quay itself, in HTML (docs/quay.md, Rate limits). */
export function faultAnswer(world: World, status: number, method: string): Answer {
  const title = titles[status]
  if (title)
    return {
      status,
      html: `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
    }
  // A changing call with a token that Quay does not know is taken for a browser's (recorded/auth-invalid-token-post).
  if (status === 401 && method !== 'GET') return csrf
  if (status === 401) return apiException(world, 401, 'invalid_token', 'Requires authentication')
  if (status === 403) return apiException(world, 403, 'insufficient_scope', 'Unauthorized')
  if (status === 404) return apiException(world, 404, 'not_found', 'Not Found')
  return apiException(world, status, 'invalid_request', 'A fault was asked for.')
}
