/** The replacement for a credential. */
export const cut = '[credential]'

// Each shape begins with its own letters and is matched to its end, so that the text is scanned once.
// AWS, GitHub, GitLab, Slack, npm, PyPI, Google, Vault, OpenShift, Docker, SendGrid, Stripe and the like, Grafana, JWT.
const shapes =
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{12,32}|gh[pousr]_\w{16,}|github_pat_\w{16,}|gl[a-z]{2,5}-[\w-]{16,}|x(?:ox[a-z]|app|wfp)-[\w-]+|npm_\w{16,}|pypi-[\w-]{16,}|AIza[\w-]{30,}|ya29\.[\w-]+|hv[sbr]\.[\w-]{16,}|sha256~[\w-]{16,}|dckr_[a-z]{3}_[\w-]{16,}|SG\.[\w-]{16,}[\w.-]*|[spr]k[-_][\w-]{16,}|glsa_\w{16,}|eyJ[\w-]{8,}[\w.-]*)/g

// Long random words. Digests are hexadecimal, or name their hash.
const longWord = /[A-Za-z0-9+/_-]{32,}={0,2}/g
const hash = /(?:^|[^\w])(?:sha\d{1,3}|md5|h1)[-:]?$/i

const scheme = /\b(bearer|basic)([ \t]{1,8})([\w~+/=][\w.~+/=-]{5,})/gi

const address = /\/\/[^\s"'<>|`\\\u201c\u201d]+/g

const bareHook = /(?<![\w./-])([\w.-]{0,80}hooks?\.[\w.:-]{1,200}[/?#])[^\s"'<>|`\\]+/gi

/** Cuts what looks like a credential anywhere in the line: tokens of known kinds, long random words, secrets in URLs. */
export function cutShapes(line: string) {
  return line
    .replaceAll(address, cutAddress)
    .replaceAll(bareHook, `$1${cut}`)
    .replaceAll(shapes, cut)
    .replaceAll(scheme, (all, kind: string, space: string, value: string) => (isPlainWord(value) ? all : `${kind}${space}${cut}`))
    .replaceAll(longWord, (word, at: number) => (isRandom(word, line.slice(Math.max(0, at - 8), at)) ? cut : word))
}

/** "Basic authentication" and "bearer of" are prose. */
function isPlainWord(value: string) {
  return /^(?:[A-Z]?[a-z]+|[A-Z]+)[.]?$/.test(value.slice(0, 200)) && value.length < 32
}

/** Counts changes between digits, upper and lower case: half of all places in random text, few in names and paths. */
function isRandom(word: string, before: string) {
  const text = word.slice(0, 1_000)
  if (/^[0-9a-f_-]+$|^[0-9A-F_-]+$/.test(text) || hash.test(before) || /^sha\d{1,3}-/.test(text)) return false
  const kinds = [...text].map(kindOf)
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length / kinds.length
  const capitals = kinds.includes('A')
  if (capitals && kinds.includes('a')) return changes >= 0.4
  return kinds.includes('0') && !kinds.includes('/') && changes >= 0.2
}

function kindOf(character: string) {
  if (character >= '0' && character <= '9') return '0'
  if (character >= 'a' && character <= 'z') return 'a'
  return character >= 'A' && character <= 'Z' ? 'A' : '/'
}

/** Cuts the name and password before a host, the path of a webhook, and our own webhook URLs. A password may contain a slash or an @. */
function cutAddress(text: string) {
  const [host = ''] = text.slice(2).split(/[/?#]/, 1)
  const end = hasPassword(text, host) ? text.lastIndexOf('@') : host.lastIndexOf('@') + 1 && host.lastIndexOf('@') + 2
  const rest = end > 0 ? text.slice(end + 1) : text.slice(2)
  return `//${end > 0 ? `${cut}@` : ''}${withoutHook(rest)}`
}

/** Whether a colon without a port is followed by an @. */
function hasPassword(text: string, host: string) {
  const colon = host.indexOf(':')
  if (colon < 0 || !text.includes('@')) return false
  return host.includes('@', colon) || !/^\d{1,5}$/.test(host.slice(colon + 1))
}

// The path of a webhook is its secret. It is recognized by its host (hooks.slack.com) or by the path before it (/api/webhooks/…).
const hookHost = /(?:^|[.-])(?:web)?hooks?\./i
const hookPath = /\/(?:web)?hooks?\/|\/quay\/events\//i

function withoutHook(rest: string) {
  const slash = rest.search(/[/?#]/)
  if (slash < 0) return rest
  const [host, path] = [rest.slice(0, slash), rest.slice(slash)]
  if (hookHost.test(host.slice(0, 300)) && path.length > 1) return `${host}/${cut}`
  const found = hookPath.exec(path.slice(0, 2_000))
  const start = found ? found.index + found[0].length : path.length
  return path.length - start < 12 ? rest : `${host}${path.slice(0, start)}${cut}`
}
