import type { Answer } from './call.ts'
import type { Registry } from './registry.ts'
import { nameOf } from './release.ts'
import { decode } from './request.ts'

const escaped = (text: string) => text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Links in messages lead to Quay's web pages; a tiny one stands in for each. All of them tell the version, before 3.16 they alone (docs/quay.md, Releases §1b). */
export function plainPage(registry: Registry, path: string): Answer {
  const name = escaped(decode(path))
  const html = `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Simulated Quay</title>\n<h1>Simulated Quay</h1>\n<p>A real Quay would show <code>${name}</code> here.</p>\n<ul><li>${nameOf(registry)}</li></ul>\n</html>\n`
  return { status: 200, html }
}
