import { readFileSync } from 'node:fs'

/** The settings that hold a secret. Each may stand in a file instead, as Docker and Kubernetes hand them over: QUAY_TOKEN_FILE. */
export const secretSettings = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'QUAY_TOKEN',
  'SECRETS_KEY',
  'DATABASE_URL',
  'HTTPS_PROXY',
  'HTTP_PROXY',
] as const

type Settings = Record<string, string | undefined>

/** Replaces each NAME_FILE by NAME, with what the file holds. One that cannot be taken stays, and `fileProblems` says why. */
export function withSecretFiles(settings: Settings): Settings {
  const all = { ...settings }
  for (const name of secretSettings) {
    const found = takenFrom(settings, name)
    if (found === undefined || 'problem' in found) continue
    all[name] = found.value
    delete all[`${name}_FILE`]
  }
  return all
}

/** What is wrong with the files of secrets, a sentence each. */
export function fileProblems(settings: Settings): string[] {
  return secretSettings.flatMap((name) => {
    const found = takenFrom(settings, name)
    return found && 'problem' in found ? [found.problem] : []
  })
}

function takenFrom(settings: Settings, name: string): { value: string } | { problem: string } | undefined {
  const file = settings[`${name}_FILE`]
  if (file === undefined) return undefined
  if (settings[name] !== undefined) return { problem: `${name} and ${name}_FILE are both set. Remove one of them.` }
  const must = `${name}_FILE must be the path of a file that holds ${name} alone, such as /run/secrets/${name.toLowerCase()}`
  try {
    // Editors and `echo` end a file with a line break, which is no part of the secret.
    const value = readFileSync(file, 'utf8').trim()
    return value === '' ? { problem: `${must}; this file is empty.` } : { value }
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException // node:fs throws nothing else
    return { problem: `${must}; this one cannot be read (${code}).` }
  }
}
