import { randomBytes } from 'node:crypto';
import { kubectl } from '../lifecycle/kubectl.ts';
import type { Cluster } from '../lifecycle/state.ts';

type Scalar = string | number | boolean;
/** What a manifest is made of. */
export type Json = Scalar | null | readonly Json[] | { readonly [key: string]: Json };

/** A namespace of one test. Objects that are not in any namespace name it, so that tests do not meet. */
export interface Namespace extends AsyncDisposable {
  readonly name: string;
  apply(...objects: readonly Json[]): Promise<void>;
  kubectl(...argv: readonly string[]): Promise<string>;
  get<T>(...argv: readonly string[]): Promise<T>;
  /** Waits until a Deployment is as it should be, or fails with what its pods say. */
  rolledOut(deployment: string): Promise<void>;
}

/** Creates a namespace; disposing of it deletes it, with all in it. */
export async function createNamespace(cluster: Cluster): Promise<Namespace> {
  const name = `test-${randomBytes(4).toString('hex')}`;
  const inIt = [`--namespace=${name}`];
  await kubectl(cluster, ['create', 'namespace', name]);
  const ask = (...argv: readonly string[]) => kubectl(cluster, [...argv, ...inIt]);
  return {
    name,
    kubectl: ask,
    async apply(...objects) {
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      await kubectl(cluster, ['apply', '--filename=-', ...inIt], { input: list });
    },
    async get<T>(...argv: readonly string[]) {
      return JSON.parse(await ask('get', '--output=json', ...argv)) as T;
    },
    async rolledOut(deployment) {
      await ask('rollout', 'status', `deployment/${deployment}`, '--timeout=50s').catch(
        async (cause: unknown) => {
          throw new Error(await ask('describe', 'pods'), { cause });
        },
      );
    },
    async [Symbol.asyncDispose]() {
      await kubectl(cluster, ['delete', 'namespace', name, '--wait=false']);
    },
  };
}
