import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCluster } from './harness/open-cluster.ts';
import { kubectl } from './lifecycle/kubectl.ts';
import { machineOf } from './lifecycle/state.ts';
import { addressesOf, nodes, places } from './machines/addresses.ts';
import { runInMachine } from './machines/machine.ts';
import { inNetworkOf } from './machines/machine.ts';
import { run } from '../real/programs.ts';

const cluster = openCluster();

interface Node {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly taints?: readonly { readonly key: string }[] };
  readonly status: {
    readonly nodeInfo: { readonly kubeletVersion: string };
    readonly addresses: readonly { readonly type: string; readonly address: string }[];
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

async function readNodes(): Promise<readonly Node[]> {
  const list = await kubectl(cluster, ['get', 'nodes', '--output=json']);
  return (JSON.parse(list) as { readonly items: readonly Node[] }).items;
}

test('every node is Ready, of the version asked for, and has both families', async () => {
  const found = await readNodes();
  assert.deepEqual(
    found.map(({ metadata }) => metadata.name),
    places.map(({ name }) => name),
  );
  for (const [index, { status }] of found.entries()) {
    assert.equal(status.conditions.find(({ type }) => type === 'Ready')?.status, 'True');
    assert.equal(status.nodeInfo.kubeletVersion, `v${cluster.options.kubernetes}`);
    const internal = status.addresses.filter(({ type }) => type === 'InternalIP');
    assert.deepEqual(
      internal.map(({ address }) => address),
      places.map(addressesOf)[index],
    );
  }
});

test('pods run on the two nodes, not beside the control plane', async () => {
  const free = (await readNodes()).filter(({ spec }) => spec.taints === undefined);
  assert.deepEqual(
    free.map(({ metadata }) => metadata.name),
    nodes.map(({ name }) => name),
  );
});

test('the API server is of the version asked for', async () => {
  const version = JSON.parse(await kubectl(cluster, ['get', '--raw', '/version'])) as { gitVersion: string };
  assert.equal(version.gitVersion, `v${cluster.options.kubernetes}`);
});

for (const { name } of places) {
  test(`kube-proxy on ${name} works in the mode asked for`, async () => {
    const machine = machineOf(cluster, name);
    const mode = [cluster.programs.apps, 'get', 'http://127.0.0.1:10249/proxyMode'];
    assert.equal(await run(inNetworkOf(machine, mode)), cluster.options.proxy);
    const tables = await runInMachine(machine, 'nft list tables');
    assert.equal(tables.includes('table ip kube-proxy'), cluster.options.proxy === 'nftables', tables);
    const chains = await runInMachine(machine, 'iptables-save --table nat');
    assert.equal(chains.includes('KUBE-SERVICES'), cluster.options.proxy === 'iptables', chains);
  });
}
