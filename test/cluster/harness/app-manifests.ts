import { appsImage } from '../images/names.ts';
import type { Json } from './namespace.ts';

export interface AppOptions {
  readonly name: string;
  readonly replicas: number;
  /** Arguments of the test app: the program in it, and its flags. */
  readonly args: readonly string[];
  readonly port: number;
}

/** A Deployment whose pods are spread over the nodes, and are ready when they accept connections. */
export function deploymentOf({ name, replicas, args, port }: AppOptions): Json {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec({ name, args, port }) },
    },
  };
}

function podSpec({ name, args, port }: Omit<AppOptions, 'replicas'>): Json {
  return {
    terminationGracePeriodSeconds: 10,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: name } },
      },
    ],
    containers: [
      {
        name: 'app',
        image: appsImage,
        args,
        ports: [{ containerPort: port }],
        readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
      },
    ],
  };
}

/** A Service of both families on this port, whose node port is the cluster's choice. */
export function serviceOf(name: string, port: number, targetPort: number): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      type: 'NodePort',
      selector: { app: name },
      ipFamilyPolicy: 'RequireDualStack',
      ports: [{ name: 'main', port, targetPort }],
    },
  };
}
