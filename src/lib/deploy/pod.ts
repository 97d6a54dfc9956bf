import { filesChecksum } from './config-map.ts'
import { FILES_FOLDER, type InClusterWatch, secretFolder, type WatchShard } from './in-cluster-watch.ts'
import { objectLabels, shardLabels } from './labels.ts'

/** `nonroot` of distroless images, and of our own with git. */
const USER = 65532
const HOME = '/home/nonroot'
/** Seconds to finish a write that is under way, a push to git among them, and to give the Lease back. */
const GRACE = 60

/** The Pods of a shard, as the profile `restricted` of the Pod Security Standards wants them. */
export function podTemplate(watch: InClusterWatch, shard: WatchShard): object {
  const { files, imagePullSecrets } = watch
  return {
    metadata: {
      labels: { ...objectLabels(watch), ...shardLabels(watch, shard) },
      ...(files.size > 0 && { annotations: { 'checksum/config': filesChecksum(watch) } }),
    },
    spec: {
      serviceAccountName: watch.name,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      ...(imagePullSecrets.length > 0 && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER,
        runAsGroup: USER,
        fsGroup: USER,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      terminationGracePeriodSeconds: GRACE,
      ...(watch.replicas > 1 && { topologySpreadConstraints: spread(watch, shard) }),
      containers: [container(watch, shard)],
      volumes: volumes(watch),
    },
  }
}

/** On several nodes and in several zones where there are some. */
function spread(watch: InClusterWatch, shard: WatchShard): object[] {
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: shardLabels(watch, shard) },
  }))
}

function container(watch: InClusterWatch, shard: WatchShard): object {
  const { environment, environmentSecrets } = watch
  return {
    name: 'watch',
    image: watch.image,
    args: [...shard.args],
    env: [
      { name: 'HOME', value: HOME },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      ...[...environment].map(([name, value]) => ({ name, value })),
    ],
    ...(environmentSecrets.length > 0 && {
      envFrom: environmentSecrets.map((name) => ({ secretRef: { name } })),
    }),
    ports: [{ name: 'metrics', containerPort: watch.metricsPort, protocol: 'TCP' }],
    livenessProbe: { ...probe('/healthz'), periodSeconds: 20, failureThreshold: 3 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 10 },
    resources: {
      requests: { cpu: '50m', memory: '128Mi' },
      limits: { memory: '512Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'home', mountPath: HOME },
      { name: 'tmp', mountPath: '/tmp' },
      ...(watch.files.size > 0 ? [{ name: 'files', mountPath: FILES_FOLDER, readOnly: true }] : []),
      ...watch.mountedSecrets.map((name, index) => ({
        name: secretVolume(index),
        mountPath: secretFolder(name),
        readOnly: true,
      })),
    ],
  }
}

function probe(path: string): object {
  return { httpGet: { path, port: 'metrics' }, timeoutSeconds: 5 }
}

function volumes(watch: InClusterWatch): object[] {
  return [
    { name: 'home', emptyDir: {} },
    { name: 'tmp', emptyDir: {} },
    ...(watch.files.size > 0 ? [{ name: 'files', configMap: { name: watch.name } }] : []),
    ...watch.mountedSecrets.map((secretName, index) => ({
      name: secretVolume(index),
      secret: { secretName, defaultMode: 0o440 },
    })),
  ]
}

/** A volume's name is shorter than a Secret's may be. */
function secretVolume(index: number): string {
  return `secret-${index + 1}`
}
