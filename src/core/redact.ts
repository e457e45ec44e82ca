import { scrub } from '../quay/scrub.ts'

const cut = '[credential]'

/** A line of a build log without what looks like a credential. It is read by a whole channel. */
export function redacted(line: string) {
  return scrub(line, [])
    .replaceAll(
      /((?:^|[\s"'&?;,]|--?)[\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|credential)s?[\w-]*["']?\s*(?:[=:]\s*|\s+(?=[^\s]*\d)))["']?[^\s"'&;,]+/gi,
      `$1${cut}`,
    )
    .replaceAll(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, cut)
    .replaceAll(/\b(gh[pousr]_|glpat-|xox[abpors]-|npm_|sk-|eyJ)[\w.-]{10,}/g, cut)
    .replaceAll(/\b[A-Za-z0-9+/_-]{40,}={0,2}(?![\w/])/g, (word) =>
      /\d/.test(word) && /[A-Za-z]/.test(word) && !/^[0-9a-f]+$/.test(word) ? cut : word,
    )
}
