import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'

/** What every object of Kubernetes has. */
const object = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string() }).optional() })
export type Manifest = z.infer<typeof object> & { file: string }

/** The manifests of docs/kubernetes, one for each YAML document. */
export const manifests: Manifest[] = globSync('docs/kubernetes/*.yaml').flatMap((file) =>
  parseAllDocuments(readFileSync(file, 'utf8')).map((document) => ({ ...object.parse(document.toJS()), file: basename(file) })),
)

const labels = z.record(z.string(), z.string())
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) })
const named = z.object({ name: z.string() })

/** What the tests read of the Deployment. */
export const deployment = z
  .object({
    spec: z.object({
      replicas: z.number(),
      selector: z.object({ matchLabels: labels }),
      template: z.object({
        metadata: z.object({ labels }),
        spec: z.looseObject({
          terminationGracePeriodSeconds: z.number(),
          containers: z.tuple([
            z.looseObject({
              ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
              envFrom: z.array(z.union([z.object({ configMapRef: named }), z.object({ secretRef: named })])),
              env: z.array(
                z.object({ name: z.string(), valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }) }),
              ),
              startupProbe: probe,
              livenessProbe: probe,
              readinessProbe: probe,
              volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
            }),
          ]),
          volumes: z.array(z.looseObject({ name: z.string() })),
        }),
      }),
    }),
  })
  .parse(manifests.find(({ kind }) => kind === 'Deployment')).spec

export const [container] = deployment.template.spec.containers

/** The data of a ConfigMap, or the strings of a Secret. */
export function dataOf(name: string): Record<string, string> {
  const found = manifests.find(({ kind, metadata }) => metadata?.name === name && ['ConfigMap', 'Secret'].includes(kind))
  return labels.parse(found?.data ?? found?.stringData)
}
