import type { Figure } from './figure.ts'
import { everydayCommands, newcomer, newcomersAtOnce, oneAlone } from './figures-commands.ts'
import { auditOfAMillion, idleQueries } from './figures-database.ts'
import { home, interactive, readiness, subscriptionsAtRest, suggestionsDuringPass } from './figures-load.ts'

/** By the word that runs one alone: `npm run bench:company -- newcomer`. */
export const figures: Record<string, Figure> = {
  commands: everydayCommands,
  newcomer,
  morning: newcomersAtOnce,
  home,
  alone: oneAlone,
  subscriptions: subscriptionsAtRest,
  suggestions: suggestionsDuringPass,
  ready: readiness,
  interactive,
  queries: idleQueries,
  audit: auditOfAMillion,
}
