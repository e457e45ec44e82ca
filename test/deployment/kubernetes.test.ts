import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Deployment } from 'kubernetes-models/apps/v1'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Secret, Service } from 'kubernetes-models/v1'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { commandProblem } from '../../src/approvals/policy-checks.ts'
import { loadCommands } from '../../src/command/registry.ts'
import { readConfig } from '../../src/core/config.ts'
import { readPolicy } from '../../src/core/policy.ts'
import { startBot } from '../start-bot.ts'
import { container, dataOf, deployment, type Manifest, manifests } from './manifests.ts'

await loadCommands()

const models = { Deployment, Ingress, NetworkPolicy, PodDisruptionBudget, ConfigMap, Secret, Service }
/** Where the types of each kind lie. */
const groups: Record<string, string> = {
  Deployment: 'apps/v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Service: 'v1',
}
const ofKubernetes = manifests.filter(({ kind }) => kind in models)
const plain = ({ file: _, ...object }: Manifest) => object

test.each(ofKubernetes.map((one) => [`${one.kind} ${one.metadata?.name}`, one] as const))('%s fits the API’s schema', (_, one) => {
  const Model = models[one.kind as keyof typeof models] // filtered by its keys
  expect(new Model(plain(one) as never).validate()).toBeUndefined() // what it is is to be found out
})

const run = promisify(execFile)

/** What the compiler says of these objects as the API's types: it knows every field, and no other. */
async function compiled(objects: Manifest[]) {
  const folder = resolve('node_modules/.cache', `manifests-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const lines = objects.map(
    (one, index) =>
      `import type { I${one.kind} as T${index} } from 'kubernetes-models/${groups[one.kind]}'\nexport const o${index}: T${index} = ${JSON.stringify(plain(one))}\n`,
  )
  writeFileSync(join(folder, 'all.ts'), lines.join(''))
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'esnext',
    '--ignoreConfig',
    join(folder, 'all.ts'),
  ]
  return run(resolve('node_modules/.bin/tsc'), options).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
}

test('no manifest has a field that the API does not know; one that is misspelled is noticed', async () => {
  const [service] = ofKubernetes.filter(({ kind }) => kind === 'Service')
  const misspelled = { ...service, file: '', apiVersion: 'v1', kind: 'Service', spec: { selectors: {} } }
  const said = await compiled([...ofKubernetes, misspelled])
  expect(said.split('\n').filter((line) => /error TS/.test(line))).toEqual([expect.stringContaining('selectors')])
})

// As the documentation of OpenShift and of CloudNativePG has them.
const others = {
  Route: z.strictObject({
    apiVersion: z.literal('route.openshift.io/v1'),
    kind: z.literal('Route'),
    metadata: z.object({ name: z.string() }),
    spec: z.strictObject({
      host: z.string(),
      path: z.string().startsWith('/'),
      to: z.strictObject({ kind: z.literal('Service'), name: z.literal('quaymaster') }),
      port: z.strictObject({ targetPort: z.literal('http') }),
      tls: z.strictObject({ termination: z.enum(['edge', 'reencrypt']), insecureEdgeTerminationPolicy: z.enum(['None', 'Redirect']) }),
    }),
  }),
  Cluster: z.strictObject({
    apiVersion: z.literal('postgresql.cnpg.io/v1'),
    kind: z.literal('Cluster'),
    metadata: z.object({ name: z.string() }),
    spec: z.strictObject({
      instances: z.int().min(1),
      storage: z.strictObject({ size: z.string().regex(/^\d+Gi$/) }),
      bootstrap: z.strictObject({ initdb: z.strictObject({ database: z.string(), owner: z.string() }) }),
    }),
  }),
  Kustomization: z.strictObject({
    apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
    kind: z.literal('Kustomization'),
    resources: z.array(z.string()),
  }),
}

test('the Routes, the PostgreSQL Cluster and the Kustomization have the shape that their operators take', () => {
  const rest = manifests.filter(({ kind }) => !(kind in models))
  expect(rest.map(({ kind }) => kind).sort()).toEqual(['Cluster', 'Kustomization', 'Route', 'Route'])
  for (const one of rest) others[one.kind as keyof typeof others].parse(plain(one)) // compared above
})

test('the Kustomization has every manifest, and one of the two ways in', () => {
  const { resources } = others.Kustomization.parse(plain(manifests.find(({ kind }) => kind === 'Kustomization') as Manifest)) // it is there, see above
  const files = new Set(manifests.map(({ file }) => file).filter((file) => file !== 'kustomization.yaml'))
  expect(new Set([...resources, 'route.yaml'])).toEqual(files)
  expect(resources).not.toContain('route.yaml')
})

test('what selects the pods has their labels, and what is named is there', () => {
  const { labels } = deployment.template.metadata
  const selectors = manifests.flatMap(({ kind, spec }) => {
    const { selector, podSelector } = (spec ?? {}) as { selector?: object; podSelector?: object } // compared below
    return ['Service', 'PodDisruptionBudget', 'NetworkPolicy', 'Deployment'].includes(kind) ? [selector ?? podSelector] : []
  })
  expect(selectors).toHaveLength(4)
  for (const one of selectors) expect([labels, { matchLabels: labels }]).toContainEqual(one)
  const text = JSON.stringify(container)
  for (const name of ['quaymaster-settings', 'quaymaster-secrets', 'quaymaster-db-app']) expect(text).toContain(name)
  expect(manifests.find(({ kind }) => kind === 'Cluster')?.metadata?.name).toBe('quaymaster-db')
  expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(deployment.template.spec.volumes.map(({ name }) => name).sort())
})

test('the pods fit the restricted profile: no fixed user, no privilege, a read-only root, time to stop', () => {
  expect(deployment.replicas).toBe(2)
  const { securityContext, automountServiceAccountToken, terminationGracePeriodSeconds } = deployment.template.spec
  expect(securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  expect(automountServiceAccountToken).toBe(false)
  // docs/operations.md: SIGTERM ends it within 30 seconds, after the five of preStop.
  expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(35)
  // Only these volumes are allowed to a restricted pod.
  for (const { name: _, ...source } of deployment.template.spec.volumes) expect(['emptyDir', 'configMap']).toContain(Object.keys(source)[0])
})

/** The settings as the pods get them: example values where the file has none. */
async function settings() {
  const folder = await mkdtemp(join(tmpdir(), 'manifests-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const policy = join(folder, 'policy.yml')
  writeFileSync(policy, dataOf('quaymaster-policy')['policy.yml'] ?? '')
  const secrets = {
    SLACK_BOT_TOKEN: 'xoxb-1-2-abc',
    SLACK_APP_TOKEN: 'xapp-1-A1-2-abc',
    QUAY_TOKEN: '0123456789abcdef0123456789abcdef01234567',
    SECRETS_KEY: '0123456789abcdef0123456789abcdef',
    DATABASE_URL: 'postgres://quaymaster:pw@quaymaster-db-rw/quaymaster',
  }
  const names = [...Object.keys(dataOf('quaymaster-secrets')), ...container.env.map(({ name }) => name)]
  return {
    given: { NODE_ENV: 'production', DATA_DIR: '/data', PORT: '3000', ...dataOf('quaymaster-settings'), POLICY_FILE: policy },
    secrets,
    names,
    policy,
  }
}

test('every setting is one of the bot’s, and together they are all that it needs in production', async () => {
  const { given, secrets, names, policy } = await settings()
  expect(names.sort()).toEqual(Object.keys(secrets).sort())
  const read = readConfig({ ...given, ...secrets })
  expect(read).not.toHaveProperty('problems')
  const known = Object.keys('config' in read ? read.config : {})
  for (const name of [...Object.keys(dataOf('quaymaster-settings')), ...names]) expect(known).toContain(name)
  expect(readPolicy(policy, commandProblem)).toHaveProperty('policy')
  expect(dataOf('quaymaster-settings').POLICY_FILE).toBe('/etc/quaymaster/policy.yml')
  for (const name of names) {
    const { [name as keyof typeof secrets]: _, ...others } = secrets // one of its keys, see above
    if (name !== 'DATABASE_URL') expect(readConfig({ ...given, ...others })).toHaveProperty('problems')
  }
})

test('the probes ask what the bot answers, the world reaches only what it must, and the ports are one', async () => {
  const { origin } = await startBot()
  const probes = { startupProbe: '/healthz', livenessProbe: '/healthz', readinessProbe: '/readyz' } as const
  for (const [probe, path] of Object.entries(probes)) {
    const { httpGet } = container[probe as keyof typeof probes] // one of its keys
    expect(httpGet).toEqual({ path, port: 'http' })
    expect((await fetch(`${origin}${path}`)).status).toBe(200)
  }
  const text = JSON.stringify(manifests.filter(({ kind }) => ['Route', 'Ingress'].includes(kind)))
  const paths = [...text.matchAll(/"path":"([^"]+)"/g)].map(([, path]) => path)
  expect(new Set(paths)).toEqual(new Set(['/quay/events/', '/slack/events']))
  expect(container.ports).toEqual([{ name: 'http', containerPort: 3000 }])
})

test('compose.yaml: the settings are the bot’s, the container is as closed as in Kubernetes', () => {
  const compose = z
    .strictObject({
      services: z.strictObject({
        quaymaster: z.strictObject({
          build: z.literal('.'),
          image: z.literal('quaymaster'),
          env_file: z.literal('.env'),
          environment: z.strictObject({ POLICY_FILE: z.literal('/etc/quaymaster/policy.yml') }),
          volumes: z.tuple([z.literal('data:/data'), z.literal('./policy:/etc/quaymaster:ro')]),
          ports: z.tuple([z.literal('127.0.0.1:3000:3000')]),
          read_only: z.literal(true),
          tmpfs: z.tuple([z.literal('/tmp')]),
          cap_drop: z.tuple([z.literal('ALL')]),
          security_opt: z.tuple([z.literal('no-new-privileges:true')]),
          stop_grace_period: z.string(),
          restart: z.string(),
        }),
      }),
      volumes: z.strictObject({ data: z.strictObject({}) }),
    })
    .parse(parse(readFileSync('docs/compose.yaml', 'utf8')))
  expect(Number.parseInt(compose.services.quaymaster.stop_grace_period, 10)).toBeGreaterThan(30)
})
