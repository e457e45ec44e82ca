import { readEnvironment } from '../core/config.ts'
import { ended, stopOnSignal } from './process.ts'
import { serve } from './serve.ts'

// The bot as it is configured, from the environment to the signal that ends it.
const environment = readEnvironment()
await serve(environment, stopOnSignal).catch(ended('cannot start', environment))
