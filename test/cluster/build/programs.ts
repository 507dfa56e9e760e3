import { buildApps } from './apps.ts';
import { buildCoreDns } from './coredns.ts';
import { findGo } from './go.ts';
import { buildKubernetes } from './kubernetes.ts';

/** The programs of a cluster, as files that run on this machine. */
export interface Programs {
  readonly kubernetes: string;
  readonly coredns: string;
  readonly apps: string;
}

/** One after the other: the compiler keeps every core busy by itself. */
export async function buildPrograms(version: string): Promise<Programs> {
  const go = await findGo();
  const apps = await buildApps(go);
  const coredns = await buildCoreDns(go);
  return { apps, coredns, kubernetes: await buildKubernetes(go, version) };
}
