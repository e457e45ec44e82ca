import type { Mirror } from '../../../src/sandbox/quay/repository-state.ts'

/** devtable/mirrored, as the database was filled. */
export function recordedMirror(now: number): Mirror {
  return {
    enabled: true,
    externalReference: 'quay.io/coreos/etcd',
    username: 'fakeusername',
    password: null,
    config: {},
    syncStart: now + 86_400_000,
    startWithMicroseconds: true,
    syncInterval: 86_400,
    syncExpiration: null,
    retriesRemaining: 3,
    status: 'NEVER_RUN',
    statusSince: now,
    rule: ['latest', '3.3*'],
    robot: 'devtable+dtrobot',
    skopeoTimeout: 600,
    architectures: [],
  }
}
