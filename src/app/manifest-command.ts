import { readEnvironment, slashCommandIn } from '../core/config.ts'
import { manifestOf } from './manifest.ts'
import { ended } from './process.ts'

/** `npm run manifest`: the manifest for the settings in .env, before there is a Slack app whose tokens could stand there. */
async function print() {
  const environment = readEnvironment()
  process.stdout.write(manifestOf({ registry: environment.QUAY_URL, command: slashCommandIn(environment) }))
}

await print().catch(ended('cannot write the manifest'))
