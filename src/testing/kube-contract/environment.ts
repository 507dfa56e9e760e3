import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KubeErrorCode, KubeError } from '../../platforms/kubernetes/client/errors.ts';
import type { KubeApi } from '../../platforms/kubernetes/client/kube-api.ts';
import { namespaces } from '../../platforms/kubernetes/client/resources.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';

/** A cluster that the contract is held against: a simulated one, or a real one. */
export interface ContractCluster {
  readonly clock: Clock;
  readonly random: Random;
  client(fieldManager: string): KubeApi;
  /** Lets the time of the cluster pass until the body has ended. */
  run(body: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface ContractEnvironment {
  readonly name: string;
  open(): Promise<ContractCluster>;
}

/** What a test of the contract works with: two clients, and a namespace of its own. */
export interface Room {
  readonly cluster: ContractCluster;
  readonly api: KubeApi;
  /** Another field manager. */
  readonly other: KubeApi;
  readonly namespace: string;
}

export type Contract = (what: string, body: (room: Room) => Promise<void>) => void;

/** Names one test after the environment; opens a cluster for it, and cleans up after it. */
export function contractIn(environment: ContractEnvironment): Contract {
  return (what, body) => {
    void test(`${environment.name}: ${what}`, async () => {
      const cluster = await environment.open();
      try {
        await cluster.run(async () => inNamespace(cluster, body));
      } finally {
        await cluster.close();
      }
    });
  };
}

async function inNamespace(cluster: ContractCluster, body: (room: Room) => Promise<void>): Promise<void> {
  const api = cluster.client('drowse');
  const made = await api.create(namespaces, { metadata: { generateName: 'contract-' } });
  const namespace = made.metadata.name ?? '';
  try {
    await body({ cluster, api, other: cluster.client('somebody'), namespace });
  } finally {
    await api.delete(namespaces, { name: namespace });
  }
}

export async function fails(call: Promise<unknown>, code: KubeErrorCode): Promise<KubeError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof KubeError, `expected ${code}, but: ${String(error)}`);
  assert.equal(error.code, code, error.message);
  return error;
}

const attemptMs = 100;
const patienceMs = 20_000;

/** Tries until nothing is thrown: for what controllers of a real cluster do in their own time. */
export async function eventually<T>({ clock }: ContractCluster, attempt: () => Promise<T>): Promise<T> {
  const endsAtMs = clock.monoMs() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (clock.monoMs() > endsAtMs) throw error;
    }
    await new Promise<void>((resolve) => void clock.after(attemptMs, resolve));
  }
}
