import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

// `npm run sbom`: the bill of materials of the image, as CycloneDX. `npm sbom --omit=dev` alone leaves out every package that
// development needs too (npm 11.19), so npm is shown a project that has no others.

const project = z.looseObject({ devDependencies: z.unknown() })
const lock = z.looseObject({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) })

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The bill of materials of what `npm ci --omit=dev` installs. */
export function sbomOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'quaymaster-sbom-'))
  try {
    const { devDependencies: _, ...own } = project.parse(read('package.json'))
    const { packages, ...rest } = lock.parse(read('package-lock.json'))
    const { devDependencies: __, ...root } = packages[''] ?? {}
    const kept = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)
    writeFileSync(join(folder, 'package.json'), JSON.stringify(own))
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...rest, packages: { '': root, ...Object.fromEntries(kept) } }))
    const options = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx']
    return execFileSync('npm', options, { cwd: folder, encoding: 'utf8', maxBuffer: 100_000_000 })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) process.stdout.write(sbomOf())
