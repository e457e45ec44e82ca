import type { Environment } from '../../core/config.ts'
import { renewKeptKey } from '../../core/keys.ts'
import { openDatabase } from '../../db/open.ts'
import { keysOfAudit, rotateKeys } from '../../security/rotate.ts'
import { storageOf } from '../storage.ts'
import { runTool } from './tool.ts'

/**
 * `npm run rotate-keys`: seals everything anew with the first key of SECRETS_KEY. Without SECRETS_KEY the key that is kept in
 * DATA_DIR gets a successor first.
 */
export async function rotate(environment: Environment): Promise<string> {
  const storage = storageOf(environment)
  const isKept = environment.SECRETS_KEY === undefined && storage.databaseUrl === undefined
  // It holds the directory, so a running bot is noticed before anything changes.
  const database = await openDatabase(storage.where, storage.log)
  try {
    if (isKept) await renewKeptKey(storage.dataDir)
    const keys = await storage.keys()
    const { resealed, lost } = await rotateKeys({ db: database.db, keys })
    const older = await keysOfAudit(database.db)
    const count = (isWanted: (id: string) => boolean) => [...older].filter(([id]) => isWanted(id)).reduce((sum, [, one]) => sum + one, 0)
    const inRing = new Set(keys.ring.map(({ id }) => id))
    const needed = count((id) => id !== keys.id && inRing.has(id))
    const unknown = count((id) => !inRing.has(id))
    return [
      ...(isKept ? [`A new key was put first into secrets.key in ${storage.dataDir}.`] : []),
      `${amount(resealed, 'credential')} sealed with the first key.`,
      ...(lost > 0 ? [`${amount(lost, 'credential')} can’t be opened with any of these keys, and stay as they are.`] : []),
      needed > 0
        ? `Keep the older keys: ${amount(needed, 'entry', 'entries')} of the audit log can be verified only with them. Nothing else needs them.`
        : 'The older keys are no longer needed.',
      ...(unknown > 0 ? [`${amount(unknown, 'entry', 'entries')} of the audit log were signed with keys that are not here.`] : []),
    ].join('\n')
  } finally {
    await database.close()
  }
}

function amount(count: number, one: string, several = `${one}s`) {
  return `${count} ${count === 1 ? one : several}`
}

if (import.meta.main) await runTool('rotate the keys', rotate)
