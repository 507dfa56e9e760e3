import assert from 'node:assert/strict';
import { events, nodes, services, statefulSets } from '../../platforms/kubernetes/client/resources.ts';
import { type Contract, fails } from './environment.ts';

/** The kinds that Drowse deals with, with what the server adds to each. */
export function kindContract(contract: Contract): void {
  contract('a StatefulSet has one replica unless it says otherwise', async ({ api, namespace }) => {
    const labels = { app: 'app' };
    const containers = [{ name: 'c', image: 'nowhere.invalid/none' }];
    const template = { metadata: { labels }, spec: { containers } };
    const spec = { selector: { matchLabels: labels }, template };
    const made = await api.create(
      statefulSets,
      { metadata: { namespace, name: 'app' }, spec },
      { isDryRun: true },
    );
    assert.equal(made.spec.replicas, 1);
    assert.equal(made.metadata.generation, 1);
  });

  contract('a Service is stored', async ({ api, namespace }) => {
    const spec = { selector: { app: 'app' }, ports: [{ name: 'web', port: 80, protocol: 'TCP' as const }] };
    await api.create(services, { metadata: { namespace, name: 'app' }, spec });
    const read = await api.get(services, { namespace, name: 'app' });
    assert.deepEqual(read.spec.selector, { app: 'app' });
    assert.equal(read.spec.ports?.[0]?.port, 80);
  });

  contract('an Event is stored, and belongs to its namespace', async ({ api, namespace }) => {
    const regarding = { apiVersion: 'v1', kind: 'Namespace', name: namespace, namespace };
    const made = await api.create(events, {
      metadata: { namespace, generateName: 'app-' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'drowse.dev/controller',
      reportingInstance: 'drowse-0',
      action: 'Sleep',
      reason: 'Idle',
      type: 'Normal',
      note: 'nobody came',
      regarding,
    });
    assert.equal(made.note, 'nobody came');
    const missing = { namespace: 'default', name: made.metadata.name ?? '' };
    await fails(api.get(events, missing), 'NotFound');
  });

  contract('nodes can be listed', async ({ api }) => {
    const { items } = await api.list(nodes, { limit: 1 });
    assert.ok(items.every(({ metadata }) => metadata.namespace === undefined));
  });
}
