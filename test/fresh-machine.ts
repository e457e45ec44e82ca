import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

// What the README's first lines promise, on clean clones of the last commit: `npm ci`, some tests, `npm start` to the usable page
// and SIGTERM, with several versions of npm and of the machine's own Node. By hand, as root also with `--user <name>`; Linux.

const { values: chosen } = parseArgs({
  options: { npm: { type: 'string', default: '10,11,12' }, node: { type: 'string', default: '22,24,26' }, user: { type: 'string' } },
})
// PostgreSQL and its libraries; the sandbox over HTTP.
const tests = ['test/db/kinds.test.ts', 'test/sandbox/front-door.test.ts']
const scratch = mkdtempSync(join(tmpdir(), 'quaymaster-fresh-'))
execFileSync('chmod', ['755', scratch])

interface Machine {
  path: string
  home: string
  clone: string
  /** `uid` and `gid`, where it is not who runs this. */
  as: SpawnOptions
}

interface Result {
  ok: boolean
  said: string
}

async function run(machine: Machine, command: string, parameters: string[]): Promise<Result> {
  const { child, output } = begin(machine, command, parameters)
  const [code] = (await once(child, 'close')) as [number | null]
  return { ok: code === 0, said: output() }
}

function begin({ path, home, clone, as }: Machine, command: string, parameters: string[]) {
  let text = ''
  // Nothing of the npm that runs this, which would decide for the one that is tried; but the way to the registry.
  const way = Object.entries(process.env).filter(([name]) => /^(https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_\w+)$/i.test(name))
  const env = { ...Object.fromEntries(way), PATH: path, HOME: home, NO_COLOR: '1' }
  const child = spawn(command, parameters, { ...as, cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece) => {
      text += piece
    })
  }
  return { child, output: () => text }
}

/** The usable page, then SIGTERM to npm alone. What npm, the shell or the bot leave behind is found by the port, and killed. */
async function startAndStop(machine: Machine, port: number): Promise<Result> {
  const began = performance.now()
  const { child, output } = begin(machine, 'npm', ['start', '--', '--port', String(port)])
  const closed = once(child, 'close')
  while (!(await isUsable(port).catch(() => false))) {
    if (performance.now() - began > 120_000 || child.exitCode !== null) return { ok: false, said: `no page\n${output()}` }
    await sleep(50)
  }
  const page = performance.now() - began
  child.kill('SIGTERM')
  const how = closed.then(([code, signal]) => String(code ?? signal))
  const ended = await Promise.race([how, sleep(30_000, undefined, { ref: false })])
  const left = await isOpen(port)
  if (ended === undefined || left) killGroup(child)
  return { ok: ended === '0' && !left, said: `page ${(page / 1_000).toFixed(1)} s, SIGTERM ${ended ?? 'does not end it'}` }
}

async function isUsable(port: number) {
  const origin = `http://127.0.0.1:${port}`
  const { connections } = (await (await fetch(`${origin}/_control/screen?user=alice`)).json()) as { connections: number }
  return connections > 0 && (await (await fetch(`${origin}/page/page.js`)).text()).length > 0
}

function isOpen(port: number) {
  return new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

function killGroup({ pid }: ChildProcess) {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL')
}

/** A package of the registry in a folder of its own, for all machines. */
function fetched(name: string, version: string) {
  const folder = join(scratch, `${name}-${version}`)
  mkdirSync(folder)
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${version}`], { stdio: 'inherit' })
  return folder
}

function machineOf(npm: string, node: string, user: string | undefined, name: string): Machine {
  const number = (flag: string) => Number(execFileSync('id', [flag, user ?? ''], { encoding: 'utf8' }))
  const as = user === undefined ? {} : { uid: number('-u'), gid: number('-g') }
  const [home, clone] = [join(scratch, `${name}-home`), join(scratch, name)]
  mkdirSync(home)
  execFileSync('git', ['clone', '--quiet', '.', clone])
  if (as.uid !== undefined) {
    chownSync(home, as.uid, as.gid)
    execFileSync('chown', ['-R', `${as.uid}:${as.gid}`, clone])
  }
  return { path: [npm, node, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter), home, clone, as }
}

async function attempt(machine: Machine, port: number) {
  const vitest = ['vitest', 'run', '--config', 'test/vitest.config.ts', ...tests]
  const steps: [string, () => Promise<Result>][] = [
    ['npm ci', () => run(machine, 'npm', ['ci'])],
    ['node of scripts', () => run(machine, 'npm', ['exec', '--silent', '-c', 'node -v'])],
    ['tests', () => run(machine, 'npx', vitest)],
    ['npm start', () => startAndStop(machine, port)],
    ['npm start again', () => startAndStop(machine, port + 1)],
  ]
  const told: string[] = []
  for (const [name, step] of steps) {
    const { ok, said } = await step()
    if (!ok || /install scripts (blocked|not yet covered)/.test(said)) return { ok: false, told: `${name} FAILED\n${said}` }
    told.push(/Tests +(.*)/.exec(said)?.[1] ?? /^(v\d.*|page .*)$/m.exec(said)?.[1] ?? name)
  }
  return { ok: true, told: told.join(' · ') }
}

const npms = chosen.npm.split(',').map((version) => [version, join(fetched('npm', version), 'node_modules/.bin')] as const)
const packageOfNode = `node-linux-${process.arch}`
const nodes = chosen.node.split(',').map((version) => {
  return [version, join(fetched(packageOfNode, version), 'node_modules', packageOfNode, 'bin')] as const
})
let port = 20_000 + (process.pid % 12_000)
for (const [npm, npmPath] of npms) {
  for (const [node, nodePath] of nodes) {
    for (const user of chosen.user === undefined ? [undefined] : [undefined, chosen.user]) {
      const machine = machineOf(npmPath, nodePath, user, `clone-${npm}-${node}-${user ?? 'self'}`)
      const { ok, told } = await attempt(machine, port)
      port += 2
      process.stdout.write(`npm ${npm} · Node ${node} · ${user ?? 'who runs this'}: ${told}\n`)
      if (!ok) process.exitCode = 1
      rmSync(machine.clone, { recursive: true })
    }
  }
}
rmSync(scratch, { recursive: true })
