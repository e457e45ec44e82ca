import { readEnvironment } from '../core/config.ts'
import { ended, stopOnSignal } from './process.ts'
import { serve } from './serve.ts'

// Runs the configured bot, from the environment to the signal that ends it.
const environment = readEnvironment()
await serve(environment, stopOnSignal).catch(ended('cannot start', environment))
