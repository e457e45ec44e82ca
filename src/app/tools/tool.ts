import { type Environment, readEnvironment } from '../../core/config.ts'
import { ended } from '../process.ts'

/** Runs a tool of an operator: prints what it answers. The sentence of a failure goes to stderr, with exit code 1. */
export async function runTool(name: string, answer: (environment: Environment, words: string[]) => Promise<string>): Promise<void> {
  const environment = readEnvironment([])
  await answer(environment, process.argv.slice(2)).then(
    (text) => {
      process.stdout.write(`${text}\n`)
      process.exit(0)
    },
    ended(`could not ${name}`, environment),
  )
}
