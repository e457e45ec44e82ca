import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundled } from './bundled.ts'

// From its second start on, the sandbox runs from one file: finding and linking 1,300 files takes half of a start.
const bundle = bundled()
if (bundle) await import(bundle.href)
else await fromSources()

async function fromSources() {
  await import('../../db/load.ts')
  const { mode } = await import('./run.ts')
  // In another process, for the next start. Without a bundle the start is only slower.
  if (mode === 'sandbox') spawn(process.execPath, [fileURLToPath(new URL('./bundle.ts', import.meta.url))], { stdio: 'ignore' }).unref()
}
