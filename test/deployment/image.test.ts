import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { version } from '../../src/core/version.ts'
import { isCi } from '../sized.ts'
import { startSimulators } from '../start-simulators.ts'
import { isAllowed, licensesOf } from '../tools/licenses.ts'
import { sbomOf } from '../tools/sbom.ts'
import { allOf, readDockerfile } from './dockerfile.ts'

// The image, made by the steps of its Dockerfile without an engine: a clean folder, exactly the files that it copies, its own
// commands, an unknown user of group 0 as OpenShift gives it, and nothing writable but /data.

const run = promisify(execFile)
const [first = [], last = []] = readDockerfile()
let app: string

// CI makes it; `npm test` looks at what the Dockerfile says.
beforeAll(async () => {
  if (!isCi) return
  app = await mkdtemp(join(tmpdir(), 'quaymaster-image-'))
  for (const [source] of allOf(first, 'COPY').map((one) => one.split(' ').slice(0, -1))) expect(source).toBe('package.json')
  for (const file of ['package.json', 'package-lock.json']) await cp(file, join(app, file))
  for (const command of allOf(first, 'RUN'))
    await run('sh', ['-c', command.replace(/&& npm cache clean --force$/, '')], {
      cwd: app,
      env: { ...process.env, npm_config_prefer_offline: 'true' },
    })
  await rm(join(app, 'package-lock.json'))
  for (const file of ['package.json', 'LICENSE']) await cp(file, join(app, file))
  await cp('src', join(app, 'src'), { recursive: true, filter: (path) => !path.startsWith(join('src', 'sandbox')) })
  await run('chmod', ['-R', 'a-w,a+rX', app])
}, 300_000)

afterAll(async () => {
  if (!isCi) return
  await run('chmod', ['-R', 'u+w', app])
  await rm(app, { recursive: true })
})

test('the linter of Dockerfiles finds nothing, and every source that is copied is let through', async () => {
  expect(validate(await readFile('Dockerfile', 'utf8')).map(({ message }) => message)).toEqual([])
  const ignored = (await readFile('.dockerignore', 'utf8')).split('\n').filter(Boolean)
  expect(ignored[0]).toBe('*')
  const copied = [...allOf(first, 'COPY'), ...allOf(last, 'COPY').filter((one) => !one.startsWith('--from'))].flatMap((one) =>
    one.split(' ').slice(0, -1),
  )
  for (const source of copied) expect(ignored).toContain(`!${source}`)
  expect(ignored.at(-1)).toBe('src/sandbox')
})

test('the user is a number that is not root, so that Kubernetes can tell; the labels name version and license', () => {
  const [user] = allOf(last, 'USER')
  expect(Number(user)).toBeGreaterThan(0)
  expect(allOf(last, 'RUN')).toEqual([`mkdir /data && chown ${user}:0 /data && chmod 770 /data`])
  const labels = allOf(last, 'LABEL').join(' ')
  for (const label of ['title="Quaymaster"', 'licenses="Apache-2.0"', 'version="$'])
    expect(labels).toContain(`org.opencontainers.image.${label}`)
  expect(allOf(last, 'FROM')[0]).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/)
  expect(allOf(first, 'FROM')).toEqual([`${allOf(last, 'FROM')[0]} AS dependencies`])
})

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/** Everything below a folder with the time of its last change. */
async function stamps(folder: string) {
  const names = await readdir(folder, { recursive: true })
  return Promise.all(names.map(async (name) => `${name} ${(await stat(join(folder, name))).mtimeMs}`))
}

/** Starts what CMD says, with what ENV sets. */
async function startImage() {
  const { environment } = await startSimulators()
  const data = await mkdtemp(join(tmpdir(), 'quaymaster-data-'))
  onTestFinished(() => rm(data, { recursive: true, force: true }))
  await chmod(data, 0o770)
  const port = await freePort()
  const set = Object.fromEntries(allOf(last, 'ENV').flatMap((one) => one.split(/\s+/).map((pair) => pair.split('='))))
  // In production there is only one Slack, which a test must not reach; there is no other difference.
  const given = {
    ...set,
    ...environment,
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    PORT: String(port),
    SECRETS_KEY: 'k'.repeat(32),
    // The only folder that can be written.
    DATA_DIR: data,
  }
  const [command = '', ...words] = JSON.parse(allOf(last, 'CMD')[0] ?? '[]') as string[] // JSON in the Dockerfile
  expect(command).toBe('node')
  const isRoot = process.getuid?.() === 0
  const child = spawn(process.execPath, words, {
    cwd: app,
    // /tmp is as read-only as the rest.
    env: { ...given, TMPDIR: join(app, 'src'), HOME: '/' },
    ...(isRoot && { uid: 1_000_660_000, gid: 0 }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      output += bytes
    })
  const gone = once(child, 'exit')
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await gone
  })
  return { child, gone, port, given, data, output: () => output }
}

test.runIf(isCi)(
  'it starts as an unknown user on a read-only root, answers its health check, and SIGTERM ends it',
  async () => {
    const before = await stamps(join(app, 'src'))
    const { gone, child, port, given, output } = await startImage()
    await expect.poll(output, { timeout: 120_000 }).toContain('Quaymaster is running')
    const health = await fetch(`http://127.0.0.1:${port}/healthz`)
    expect(health.status).toBe(200)
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(metrics).toContain(`quaymaster_build_info{version="${version}"`)
    expect(await healthCheck(given)).toBe(0)
    child.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
    expect(output()).toContain('Quaymaster has stopped')
    expect(await stamps(join(app, 'src'))).toEqual(before)
    expect(await healthCheck(given)).toBe(1)
  },
  180_000,
)

/** What HEALTHCHECK says, with its exit code. */
async function healthCheck(given: Record<string, string>) {
  const [, json = '[]'] = /CMD (\[.*\])$/.exec(allOf(last, 'HEALTHCHECK')[0] ?? '') ?? []
  const [, ...words] = JSON.parse(json) as string[] // JSON in the Dockerfile
  const child: ChildProcess = spawn(process.execPath, words, { env: given })
  const [code] = await once(child, 'exit')
  return code as number // it is not killed
}

test('every package in it has a license that may be passed on, and the bill of materials names each', async () => {
  const all = licensesOf(resolve('.'))
  expect(all.length).toBeGreaterThan(50)
  expect(all.filter((one) => !isAllowed(one))).toEqual([])
  expect(isAllowed({ license: 'AGPL-3.0' })).toBe(false)
  const { bomFormat, components } = JSON.parse(sbomOf()) as { bomFormat: string; components: { name: string; version: string }[] } // CycloneDX
  expect(bomFormat).toBe('CycloneDX')
  const named = new Set(components.map(({ name, version: release }) => `${name}@${release}`))
  expect(all.filter(({ name, version: release }) => !named.has(`${name}@${release}`))).toEqual([])
})
