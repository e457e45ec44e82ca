import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'

/** manifest.yml for one's own registry and slash command. `registry`: QUAY_URL; without it the example in it stays. */
export function manifestOf({ registry, command }: { registry: string | undefined; command: string }): string {
  const document = parseDocument(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'))
  document.setIn(['features', 'slash_commands', 0, 'command'], command)
  const host = URL.parse(registry ?? '')?.hostname
  if (host) document.setIn(['features', 'unfurl_domains', 0], host)
  return document.toString({ lineWidth: 0 })
}
