import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { bundled } from '../../src/sandbox/start/bundled.ts'
import { percentile } from './percentile.ts'

// From `npm start` to a page that can be used: its script is served and the bot is connected; and, in the same run on the same
// machine, from spawning npm to a bare HTTP server that answers. The first start, which bundles page and bot, is not counted. Each
// is ended as somebody ends it who presses Control-C, so that it leaves what the next one starts with.

const count = Number(process.argv[2] ?? 5)
const limit = 120_000

/** Milliseconds until `ready` holds, for a process of its own, which is ended again. */
async function took(
  command: string,
  parameters: string[],
  port: number,
  ready: (origin: string) => Promise<boolean>,
  until: () => boolean = () => true,
) {
  const started = performance.now()
  const environment = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }
  const child = spawn(command, parameters, { env: environment, stdio: 'ignore', detached: true })
  const gone = once(child, 'exit')
  try {
    while (!(await ready(`http://127.0.0.1:${port}`).catch(() => false))) {
      if (performance.now() - started > limit) throw new Error(`${command} ${parameters.join(' ')} did not answer.`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const passed = performance.now() - started
    while (!until()) await new Promise((resolve) => setTimeout(resolve, 100))
    return passed
  } finally {
    // npm and what it has started are one group.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
    await gone
  }
}

async function isUsable(origin: string) {
  const { connections } = (await (await fetch(`${origin}/_control/screen?user=alice`)).json()) as { connections: number }
  return connections > 0 && (await (await fetch(`${origin}/page/page.js`)).text()).length > 0
}

const bare = (port: number) => `require('node:http').createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1')`

const sandbox: number[] = []
const server: number[] = []
for (let index = 0; index <= count; index += 1) {
  // Below those that are given to outgoing connections: one of them could take it by connecting to itself.
  const port = 20_000 + ((process.pid + index * 2) % 12_000)
  const page = await took('npm', ['start', '--', '--port', String(port)], port, isUsable, () => bundled() !== undefined)
  const nothing = await took(process.execPath, ['-e', bare(port + 1)], port + 1, async (origin) => (await fetch(origin)).ok)
  if (index > 0) sandbox.push(page)
  if (index > 0) server.push(nothing)
}
const line = (name: string, values: number[]) =>
  `${name.padEnd(44)} median ${percentile(values, 0.5).toFixed(0).padStart(5)} ms   slowest ${Math.max(...values)
    .toFixed(0)
    .padStart(5)} ms\n`
process.stdout.write(line(`npm start → usable page (${count} times)`, sandbox))
process.stdout.write(`  of these the second start ever            ${(sandbox[0] ?? Number.NaN).toFixed(0).padStart(12)} ms\n`)
process.stdout.write(line('A bare node:http server', server))
process.stdout.write('Aim: the page within 3000 ms.\n')
