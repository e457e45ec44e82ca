import type { Effect } from './command.ts'

/** What comes after “if the command” and “this”. */
export const effectWords: Record<Effect, string> = {
  creates: 'creates something',
  'makes-public': 'makes something public',
  grants: 'grants permissions',
  destroys: 'deletes something',
  overwrites: 'overwrites something',
  reveals: 'reveals a credential',
  'runs-code': 'runs code',
  'changes-limits': 'changes limits or policies',
}
