import type { Policy } from '../policy.ts'

/** The sandbox's own policy: dora is the superuser, whom e-mail never links. */
export const sandboxPolicy: Policy = {
  identity: { map: { U0DORA: 'quayadmin' }, email: true },
  superusers: ['U0DORA', 'S0PLATFORM'],
  protected: ['platform'],
  archives: { hosts: [] },
  default: 'run',
}
