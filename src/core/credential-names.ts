/** `yes`: the value is a credential. `maybe`: it is one if it looks like one. */
export type Named = 'yes' | 'maybe' | 'no'

// A name is that of a credential if its last word, or a pair of neighboring words, is in this list.
const certain = new Set(
  'password passwords passwd passphrase passcode pwd secret secrets token apikey credential credentials authorization authtoken cookie dockerconfigjson dockercfg signature'.split(
    ' ',
  ),
)
const likely = new Set('auth pass pw sig tokens'.split(' '))
const keysOf = new Set('api access private signing encryption secret account shared client tls ssh master session'.split(' '))
const endings = /(?:password|passwd|passphrase|secret|token|apikey|accesskey|secretkey|privatekey|accountkey|sharedkey|authorization)s?$/
// `TOKEN_URL`, `password_file`, `secretName`, `--password-stdin` concern a credential but are not one.
const about = new Set(
  'type name file path dir url uri endpoint id ids expires expiry expiration in at count length size limit limits policy version status kind scope scopes stdin prompt required enabled disabled manager provider class field hint min max rotation ref'.split(
    ' ',
  ),
)
const longest = 120

/** Whether a name is that of a credential: `DB_PASSWORD`, `--token`, `clientSecret`, `.dockerconfigjson`, `_authToken`. */
export function namesCredential(name: string): Named {
  if (name.length > 2 * longest) return namesCredential(name.slice(-longest))
  const words = wordsOf(name)
  const last = words.at(-1) ?? ''
  if (/^(?:aws_)?access_?key_?id$/i.test(name)) return 'yes'
  if (about.has(last)) return 'no'
  if (words.some((word, index) => word.startsWith('key') && keysOf.has(words[index - 1] ?? ''))) return 'yes'
  if (last === 'tokens' || (likely.has(last) && !words.some((word) => certain.has(word)))) return 'maybe'
  if (certain.has(last) || endings.test(last)) return 'yes'
  // `password2`, `SECRET_PROD` and `tokenForCi` have the word in front.
  return words.some((word) => certain.has(word.replace(/\d{1,4}$/, ''))) ? 'yes' : 'no'
}

function wordsOf(name: string) {
  return name
    .replaceAll(/([a-z0-9])(?=[A-Z])/g, '$1_')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}
