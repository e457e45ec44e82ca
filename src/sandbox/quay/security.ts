import { type Call, ok, type Route, route } from './call.ts'
import { apiException, refuse } from './errors.ts'
import { manifestOf } from './manifests.ts'
import type { Feature, Manifest, Vulnerability } from './repository-state.ts'
import { requireRepository } from './rights.ts'

export const securityRoutes: Route[] = [
  route('GET /repository/{repository}/manifest/{manifestref}/security', getSecurity, 'SECURITY_SCANNER'),
]

/** `vulnerabilities=` changes nothing: they always come (docs/quay.md, Per area). */
function getSecurity(call: Call) {
  requireRepository(call, 'read')
  const { manifest } = manifestOf(call)
  const { status, features = [] } = manifest.scan
  if (status === 'broken') refuse(apiException(call.world, 520, 'downstream_issue', 'Received incompatible response from security scanner'))
  return ok({ status, data: status === 'scanned' ? layerView(manifest, features) : null })
}

function layerView({ digest }: Manifest, features: Feature[]) {
  return {
    Layer: {
      Name: digest,
      ParentName: '',
      NamespaceName: '',
      IndexedByVersion: 4,
      Features: features.map((feature) => featureView(digest, feature)),
    },
  }
}

function featureView(digest: string, { name, version, vulnerabilities }: Feature) {
  return {
    Name: name,
    VersionFormat: '',
    NamespaceName: '',
    AddedBy: digest,
    Version: version,
    BaseScores: [],
    CVEIds: vulnerabilities.map((one) => one.name),
    Vulnerabilities: vulnerabilities.map(vulnerabilityView),
  }
}

function vulnerabilityView({ name, severity, description, link, fixedBy }: Vulnerability) {
  return {
    Severity: severity,
    NamespaceName: 'RHEL9-rhel-9',
    Link: link,
    FixedBy: fixedBy,
    Description: description,
    Name: name,
    Metadata: {
      UpdatedBy: 'RHEL9-rhel-9',
      RepoName: 'cpe:/o:redhat:enterprise_linux:9::baseos',
      RepoLink: '',
      DistroName: 'Red Hat Enterprise Linux Server',
      DistroVersion: '9',
      NVD: { CVSSv3: { Vectors: '', Score: '' } },
    },
  }
}
