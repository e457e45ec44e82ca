import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { examples } from './setting-flaws.ts'

/** An absolute URL of HTTP, without anything that would be dropped from it. */
export function address(example: string) {
  return z
    .url({ protocol: /^https?$/, error: `must be a URL such as ${example}` })
    .refine(
      (text) => !URL.parse(text)?.username && !URL.parse(text)?.password,
      `must not contain a user name or password, such as ${example}`,
    )
    .refine((text) => !/[?#]/.test(text), `must not contain a ? or #, such as ${example}`)
}

/** The URL of an HTTP proxy. */
export const proxy = z
  .string()
  // As curl takes it, a proxy without a scheme is one of HTTP.
  .transform((text) => (text.includes('://') ? text : `http://${text}`))
  .pipe(
    z.url({
      protocol: /^https?$/,
      hostname: /./,
      error: `must be the URL of an HTTP proxy, such as ${examples.HTTPS_PROXY}`,
    }),
  )
  .refine(
    (text) => readable(text),
    `must have a user name and password without bare % signs (%25), such as http://me:pass%25word@proxy.example.com:3128`,
  )

/** Whether the user name and password of a URL can be decoded. */
function readable(url: string) {
  const { username = '', password = '' } = URL.parse(url) ?? {}
  return URL.canParse(url) && [username, password].every((text) => !/%(?![0-9a-f]{2})/i.test(text))
}

/** What a path leads to; undefined if to nothing that can be read. */
export function kindOf(path: string): 'file' | 'directory' | undefined {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file'
  } catch {
    return undefined
  }
}

/** Whether a file has a certificate in it. */
export function holdsCertificate(file: string) {
  try {
    return readFileSync(file, 'utf8').includes('-----BEGIN CERTIFICATE-----')
  } catch {
    return false
  }
}
