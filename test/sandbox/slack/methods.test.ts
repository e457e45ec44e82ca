import { expect, test } from 'vitest'
import { methods } from '../../../src/sandbox/slack/methods.ts'
import documented from '../../recorded/slack/methods.json' with { type: 'json' }

interface Documented {
  rate_limit: string | null
  scope: { bot?: string[] }
  accepts_json: boolean
  args: Record<string, { required?: boolean }>
}

const all = documented as Record<string, Documented>
const known = Object.entries(methods).flatMap(([name, method]) => (method && all[name] ? [{ name, method, doc: all[name] }] : []))
// The documentation requires these, but real calls without them are answered in another way.
const lenient: Record<string, string[]> = { 'chat.unfurl': [] }

test('the simulator knows only methods that are documented, and the retired upload to refuse it', () => {
  expect(Object.keys(methods).filter((name) => !all[name])).toEqual(['files.upload'])
})

test.each(known)('$name takes what is documented: scopes, JSON, required arguments, tier', ({ name, method, doc }) => {
  expect(method.formOnly === true).toBe(!doc.accepts_json)
  expect(new Set(method.scopes)).toEqual(new Set(doc.scope.bot))
  const required = Object.keys(doc.args).filter((arg) => arg !== 'token' && doc.args[arg]?.required)
  expect(new Set(method.required)).toEqual(new Set(lenient[name] ?? required))
  const tier = { t1: 1, t2: 20, t3: 50, t4: 100 }[doc.rate_limit ?? '']
  if (tier) expect(method.perMinute).toBe(tier)
})
