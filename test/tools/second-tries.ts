import type { Reporter, TestCase } from 'vitest/node'

/** Names at the end of a run what passed at its second try only, with what the first one said: such a test has a fault of its own. */
export function secondTries(): Reporter {
  const flaky: TestCase[] = []
  return {
    onTestCaseResult: (test) => {
      if (test.diagnostic()?.flaky) flaky.push(test)
    },
    onTestRunEnd: () => {
      for (const test of flaky) {
        const errors = test.result().errors ?? []
        process.stdout.write(`second try: ${test.module.relativeModuleId} > ${test.fullName}\n`)
        for (const { message, stack } of errors) process.stdout.write(`  ${message}\n${stack}\n`)
      }
      process.stdout.write(`${flaky.length} passed at the second try only\n`)
    },
  }
}
