import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeConnection } from '../../src/platforms/kubernetes/client/connect.ts';
import { eventually } from './eventually.ts';
import { ActivatorStage } from './harness/activator-stage.ts';
import { type KeptAlive, keptAliveTo } from './harness/kept-alive.ts';
import { connectAdministrator } from './harness/kube-client.ts';
import { createNamespace } from './harness/namespace.ts';
import { get, hostPort, networkOfMachine } from './harness/network-places.ts';
import { openCluster } from './harness/open-cluster.ts';
import { addressesOf, nodes, places } from './machines/addresses.ts';

const cluster = openCluster();
/** One answer of the test app: the pod, and the address that was dialled there. */
function parseAnswer(text: string): { readonly pod: string; readonly port: number } {
  const [, pod = '', port = ''] = /^(\S+) \S* at \S+:(\d+) for /.exec(text) ?? [];
  return { pod, port: Number(port) };
}

/** Asks until somebody of this name has answered. */
function reaches(machine: string, address: string, port: number, whom: RegExp): Promise<string> {
  const url = `http://${hostPort(address, port)}/`;
  const ask = async () => {
    const answer = await get(cluster, networkOfMachine(cluster, machine), url);
    return whom.test(answer) ? answer : null;
  };
  const told = (last: unknown) => `${url} from ${machine} reached no ${whom.source}: ${String(last)}`;
  return eventually(ask, { limitMs: 20_000, else: told });
}

/** From every machine: kube-proxy has followed when nobody else has answered for so many times in a row. */
async function reachesOnly(address: string, port: number, whom: RegExp): Promise<void> {
  for (const { name } of places) {
    let row = 0;
    const url = `http://${hostPort(address, port)}/`;
    const ask = async () => {
      row = whom.test(await get(cluster, networkOfMachine(cluster, name), url)) ? row + 1 : 0;
      return row === 12 ? true : null;
    };
    const told = (last: unknown) =>
      `${url} from ${name} still reaches others than ${whom.source}: ${String(last)}`;
    await eventually(ask, { limitMs: 20_000, everyMs: 5, else: told });
  }
}

void describe(`slices of activators beside those of the pods (${cluster.options.proxy})`, () => {
  let connection: KubeConnection;
  let stage: ActivatorStage;
  let kept: KeptAlive;

  before(async () => {
    connection = await connectAdministrator(cluster, 'drowse');
    stage = await ActivatorStage.open(await createNamespace(cluster), connection.api);
  });
  after(async () => {
    kept.close();
    await stage.space[Symbol.asyncDispose]();
    await connection.close();
  });

  test('without a pod every connection arrives at an activator, at the port that says what it is for', async () => {
    await stage.step('ready');
    assert.equal((await stage.slices()).length, 2, 'one for each family');
    assert.equal(stage.addresses.length, 2);
    for (const { name } of places)
      for (const address of stage.addresses)
        for (const port of [80, 81]) {
          const answer = parseAnswer(await reaches(name, address, port, /^activator-/));
          assert.equal(answer.port, stage.activatorPort(port), `${address}:${port} from ${name}`);
        }
  });

  test('so does every connection to a node port, of either family', async () => {
    for (const { nodePort = 0, port } of stage.service.spec.ports ?? [])
      for (const node of nodes)
        for (const address of addressesOf(node)) {
          const answer = parseAnswer(await reaches('control-plane', address, nodePort, /^activator-/));
          assert.equal(answer.port, stage.activatorPort(port));
        }
  });

  test('beside a pod that is ready both are reached', async () => {
    await stage.space.kubectl('scale', 'deployment/web', '--replicas=1');
    await stage.space.rolledOut('web');
    for (const address of stage.addresses)
      for (const [port, target] of [
        [80, 8080],
        [81, 8081],
      ] as const) {
        const answer = parseAnswer(await reaches('node-1', address, port, /^web-/));
        assert.equal(answer.port, target);
        await reaches('node-1', address, port, /^activator-/);
      }
  });

  test('when the activators leave, new connections go to the pod alone, and old ones go on', async () => {
    const [address = ''] = stage.addresses;
    kept = await keptAliveTo(/^activator-/, address, 80);
    await stage.step('leaving');
    for (const one of stage.addresses) for (const port of [80, 81]) await reachesOnly(one, port, /^web-/);
    assert.match(await kept.ask(), /^activator-/);
  });

  test('when they are back, they are reached again', async () => {
    await stage.step('ready');
    for (const address of stage.addresses) await reaches('node-2', address, 80, /^activator-/);
  });

  test('when the pod is gone, they are reached alone', async () => {
    await stage.space.kubectl('scale', 'deployment/web', '--replicas=0');
    for (const address of stage.addresses) await reachesOnly(address, 80, /^activator-/);
  });

  test('when their slices are gone nothing of them is left, and old connections go on', async () => {
    await stage.step('absent');
    assert.deepEqual(await stage.slices(), []);
    assert.match(await kept.ask(), /^activator-/);
  });
});
