import type { PodSpec, ServicePort } from '../client/resources.ts';

/** Where a pod listens for a port of a Service; `null` where none of its containers has a port of that name. */
export function portInPod(
  { containers, initContainers = [] }: PodSpec,
  targetPort: number | string,
): number | null {
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const named = [...containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find(({ name, protocol = 'TCP' }) => name === targetPort && protocol === 'TCP');
  return named?.containerPort ?? null;
}

/** The server fills it in; an object that a test or an older server gives may lack it. */
export function targetPortOf({ targetPort, port }: ServicePort): number | string {
  return targetPort ?? port;
}
