import type { Deployment, PodSpec, Service } from '../../platforms/kubernetes/client/resources.ts';

const labels = { app: 'web' };

/** What the API server takes besides what Drowse's own types know. */
interface FullPodSpec extends PodSpec {
  readonly containers: readonly (PodSpec['containers'][number] & {
    readonly args: readonly string[];
    readonly readinessProbe: object;
  })[];
}

/** An app that takes two seconds to be ready, and goes on serving for three after SIGTERM: every state lasts long enough to be seen. */
export function appIn(namespace: string, image: string, replicas: number): Deployment {
  const spec: FullPodSpec = {
    terminationGracePeriodSeconds: 10,
    containers: [
      {
        name: 'app',
        image,
        args: ['http', '--on-term=serve', '--serve-for=3s'],
        ports: [{ containerPort: 8080 }],
        readinessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 2, periodSeconds: 1 },
      },
    ],
  };
  const template = { metadata: { labels }, spec };
  return {
    metadata: { namespace, name: 'web' },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
}

export function serviceIn(namespace: string): Service {
  const ports = [{ name: 'main', port: 80, targetPort: 8080 }];
  return { metadata: { namespace, name: 'web' }, spec: { selector: labels, ports } };
}
