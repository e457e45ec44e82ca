import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { readExposition } from './exposition.ts'
import { evaluate, type Scrape } from './promql.ts'
import { secondsOf } from './promql-tree.ts'

const rules = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
})

/** The rules of docs/alerts.yaml. */
export const alerts = rules.parse(parse(readFileSync('docs/alerts.yaml', 'utf8'))).groups.flatMap((group) => group.rules)

/** What the bot serves, scraped at times that the test says, and which alerts fire then. */
export function startPrometheus(origin: string) {
  const scrapes: Scrape[] = []

  /** Scrapes as if it were that second. */
  async function scrape(at: number) {
    const text = await fetch(`${origin}/metrics`).then((response) => response.text())
    scrapes.push({ at, series: readExposition(text) })
  }

  /** The alerts whose condition held at every scrape of as long as they wait. */
  function firing() {
    const now = scrapes.at(-1)?.at ?? 0
    return alerts.filter(({ expr, for: wait }) => {
      const since = now - (wait === undefined ? 0 : secondsOf(wait))
      const looks = scrapes.filter(({ at }) => at >= since)
      const holds = looks.every(({ at }) => evaluate(expr, scrapes, at).length > 0)
      return holds && (looks[0]?.at ?? now) <= since
    })
  }

  return { scrape, firing: () => firing().map(({ alert }) => alert) }
}
