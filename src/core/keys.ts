import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { diskProblem } from './disk-problem.ts'
import { Failure } from './failure.ts'
import { ringOf } from './key-ring.ts'

/** Keys derived from one key of SECRETS_KEY, one per purpose. KeyObjects print nothing of their content. */
interface Derived {
  /** Identifies the key, to tell a changed key from a damaged value. */
  id: string
  sealing: KeyObject
  chain: KeyObject
  addresses: KeyObject
}

/** The keys that seal, and the whole ring, these included, of those that open what was sealed before. */
export interface Keys extends Derived {
  ring: Derived[]
}

/**
 * Derives the keys of SECRETS_KEY. With an embedded database and no setting, a key is created once and kept in DATA_DIR; one that
 * is kept there still opens what it has sealed after SECRETS_KEY was set.
 */
export async function secretsKey({ setting, dataDir }: { setting?: string | undefined; dataDir?: string | undefined }): Promise<Keys> {
  // Before there were rings, a key could have a comma in it.
  const masters = setting === undefined ? [] : [...ringOf(setting), setting]
  if (dataDir !== undefined && (setting === undefined || existsSync(keptIn(dataDir)))) masters.push(...(await keptKeys(dataDir)))
  const ring = [...new Set(masters)].map(derivedFrom)
  const [first] = ring
  if (!first) throw new TypeError('a key needs a setting or a directory')
  return { ...first, ring }
}

function derivedFrom(master: string): Derived {
  return {
    id: derived(master, 'key id').subarray(0, 6).toString('hex'),
    sealing: createSecretKey(derived(master, 'sealed credentials')),
    chain: createSecretKey(derived(master, 'audit chain')),
    addresses: createSecretKey(derived(master, 'e-mail addresses')),
  }
}

function derived(master: string, purpose: string) {
  return Buffer.from(hkdfSync('sha256', master, 'quaymaster', purpose, 32))
}

function keptIn(dataDir: string) {
  return join(dataDir, 'secrets.key')
}

/** One a line, the newest first. */
async function keptKeys(dataDir: string): Promise<string[]> {
  const file = keptIn(dataDir)
  try {
    if (!existsSync(file)) await makeKey(dataDir, file)
    await chmod(file, 0o600)
  } catch (error) {
    throw diskProblem(error, dataDir) ?? error
  }
  const keys = ringOf((await readFile(file, 'utf8')).trim())
  if (keys.some((key) => key.length < 32))
    throw new Failure(
      'conflict',
      '{file} is damaged. Restore your copy, or remove the file; credentials that were not revealed yet are then lost.',
      { file },
    )
  return keys
}

/** Puts a new key before those that are kept in DATA_DIR. From then on it seals, and the others still open. */
export async function renewKeptKey(dataDir: string): Promise<void> {
  const kept = await keptKeys(dataDir)
  await rename(await written(keptIn(dataDir), [newKey(), ...kept]), keptIn(dataDir))
}

function newKey() {
  return randomBytes(32).toString('base64')
}

async function written(file: string, keys: string[]) {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(unfinished, 'wx', 0o600)
  await handle.writeFile(`${keys.join('\n')}\n`)
  await handle.sync()
  await handle.close()
  return unfinished
}

/** Writes the key atomically and never over another, so that a crash or a second process leaves one valid key. */
async function makeKey(dataDir: string, file: string) {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const unfinished = await written(file, [newKey()])
  await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(unfinished)
}

export interface Sealed {
  keyId: string
  nonce: string
  ciphertext: string
}

/** Encrypts with AES-256-GCM. A value sealed for one `context` cannot be opened in another. */
export function sealed({ id, sealing }: Keys, context: string[], text: string): Sealed {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(bytesOf(context))
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { keyId: id, nonce: nonce.toString('base64'), ciphertext: ciphertext.toString('base64') }
}

/** Opens a value that a key of the ring has sealed. Throws a Failure for another key, and an internal error for a damaged or moved value. */
export function opened({ ring }: Pick<Keys, 'ring'>, context: string[], { keyId, nonce, ciphertext }: Sealed) {
  const key = ring.find(({ id }) => id === keyId)
  if (!key) throw new Failure('conflict', 'This credential was sealed with a SECRETS_KEY that is no longer in use. Have a new one made.')
  const bytes = Buffer.from(ciphertext, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key.sealing, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
  decipher.setAAD(bytesOf(context)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
}

/** A hash by which an e-mail address is found again, worth nothing without SECRETS_KEY. */
export function hashedAddress({ addresses }: Pick<Derived, 'addresses'>, address: string) {
  return createHmac('sha256', addresses).update(address).digest('base64url')
}

// JSON keeps different lists of words distinct.
function bytesOf(context: string[]) {
  return Buffer.from(JSON.stringify(context))
}
