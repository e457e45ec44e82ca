import { type Policy, policyOf } from '../core/policy.ts'

const approvers = ['U0DORA', 'quay:namespace-admin'] as const

/** The sandbox's policy: dora is the superuser, who is never linked by e-mail. Each sandbox has its own copy, which tests may change. */
export function sandboxPolicy(): Policy {
  return policyOf({
    identity: { map: { U0DORA: 'quayadmin' } },
    superusers: ['U0DORA', 'S0PLATFORM'],
    protected: ['platform'],
    // There is no name service offline, so builds from example.com are not resolved.
    archives: { hosts: ['example.com', '*.example.com'] },
    operators: 'C0APPROVALS',
    mcp: 'on',
    approvals: [
      {
        name: 'new repositories',
        operations: ['repo create', 'mirror create'],
        channel: 'C0APPROVALS',
        approvers: [...approvers],
        remind: ['4h', '1d'],
        escalate: { after: '2d', to: ['S0PLATFORM'] },
      },
      { name: 'destructive', effects: ['destroys'], ask: 'always', channel: 'C0APPROVALS', approvers: [...approvers], needed: 2 },
    ],
  })
}
