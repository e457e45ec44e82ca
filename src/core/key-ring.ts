/** The keys of SECRETS_KEY, the newest first: `new,old`. The first one seals, and the others still open what they have sealed. */
export function ringOf(setting: string): string[] {
  const keys = setting
    .split(/[,\n]/)
    .map((key) => key.trim())
    .filter(Boolean)
  return keys.length > 0 ? keys : [setting]
}
