import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

// `npm run licenses`: every package that the image holds, with its license. It fails for a license that is not in the list.

const lock = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().default(false) })) })
const about = z.object({
  license: z.string().optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
})

/** What may be passed on with a program under Apache-2.0. */
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'PostgreSQL', 'Unlicense'])

export interface Licensed {
  name: string
  version: string
  license: string
}

/** The packages without those for development, by the lock file and what is installed. */
export function licensesOf(root: string): Licensed[] {
  const { packages } = lock.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev && existsSync(join(root, path)))
    .map(([path, { version = '' }]) => {
      const { license, licenses } = about.parse(JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')))
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return { name, version, license: license ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none' }
    })
}

/** Whether one of the licenses to choose from is in the list. */
export function isAllowed({ license }: Pick<Licensed, 'license'>): boolean {
  return license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((one) => one.split(' AND ').every((each) => allowed.has(each)))
}

if (import.meta.main) {
  const all = licensesOf('.')
  for (const { name, version, license } of all) process.stdout.write(`${license}\t${name}\t${version}\n`)
  const others = all.filter((one) => !isAllowed(one))
  for (const { name, license } of others) process.stderr.write(`${name} has the license ${license}, which is not in the list.\n`)
  process.exitCode = others.length > 0 ? 1 : 0
}
