// node test/bench/memory.ts: the memory of a whole bot on the embedded database, in a process of its own as `npm start` runs it, printed in MB.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSimulators } from '../start-simulators.ts'

const simulators = await openSimulators()
const dataDir = await mkdtemp(join(tmpdir(), 'quaymaster-memory-'))

function startBot(): ChildProcess {
  return spawn(process.execPath, ['--liftoff-only', '--import', './src/db/load.ts', 'src/app/run.ts'], {
    stdio: 'inherit',
    env: { ...process.env, ...simulators.environment, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', POLICY_FILE: '' },
  })
}

/** Resident memory now, and the most that it was. Linux only. */
function print(what: string, { pid }: ChildProcess) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) => Math.round(Number(RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  process.stdout.write(`${what}: ${megabytes('VmRSS')} MB, peak ${megabytes('VmHWM')} MB\n`)
}

for (const time of ['first start', 'second start']) {
  const bot = startBot()
  await sleep(30_000)
  print(`${time}, half a minute later`, bot)
  for (let count = 0; count < 1_000; count += 25) {
    const texts = Array.from({ length: 25 }, (_, index) => `repo create acme/m${time[0]}${count + index}`)
    await Promise.allSettled(texts.map((text) => simulators.slack.slash({ user: 'U0ALICE', channel: 'C0ACMEDEV', text })))
  }
  await sleep(30_000)
  print(`${time}, after 1,000 commands`, bot)
  bot.kill('SIGTERM')
  await new Promise((resolve) => bot.once('exit', resolve))
}
await simulators.stop()
await rm(dataDir, { recursive: true, force: true })
process.exit()
