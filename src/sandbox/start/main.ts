import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundled } from './bundled.ts'

// From its second start on the sandbox runs out of one file: to find and link 1,300 files takes half of a start.
const bundle = bundled()
if (bundle) await import(bundle.href)
else await fromSources()

async function fromSources() {
  await import('../../db/load.ts')
  const { mode } = await import('./run.ts')
  // Beside this process, for the next start. Without a bundle that is slower, and nothing else.
  if (mode === 'sandbox') spawn(process.execPath, [fileURLToPath(new URL('./bundle.ts', import.meta.url))], { stdio: 'ignore' }).unref()
}
