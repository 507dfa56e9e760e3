import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { authorityName, frontProxyAuthorityName } from './control-plane/credentials.ts';
import { credentialAt, issue } from './control-plane/pki.ts';
import { eventually } from './eventually.ts';
import { deploymentOf, serviceOf } from './harness/app-manifests.ts';
import { createNamespace, type Json, type Namespace } from './harness/namespace.ts';
import { openCluster } from './harness/open-cluster.ts';
import { kubectl } from './lifecycle/kubectl.ts';

const cluster = openCluster();
const pki = path.join(cluster.folder, 'pki');

async function base64(file: string): Promise<string> {
  return (await readFile(file)).toString('base64');
}

async function serverSecret(service: string): Promise<Json> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'drowse-extension-'));
  try {
    const made = await issue(credentialAt(pki, authorityName), scratch, 'server', {
      commonName: service,
      serves: [`DNS:${service}`],
    });
    const data = {
      'tls.crt': await base64(made.certificate),
      'tls.key': await base64(made.key),
      'front-proxy-ca.crt': await base64(credentialAt(pki, frontProxyAuthorityName).certificate),
    };
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tls' }, data };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { volumes?: Json; readonly containers: { volumeMounts?: Json }[] } };
  };
}

/** A Deployment with its certificates in `/tls`. */
function withSecret(deployment: Json): Json {
  const changed = structuredClone(deployment);
  const { spec } = (changed as unknown as Deployment).spec.template;
  spec.volumes = [{ name: 'tls', secret: { secretName: 'tls' } }];
  for (const container of spec.containers) container.volumeMounts = [{ name: 'tls', mountPath: '/tls' }];
  return changed;
}

void describe('what the API server calls through a Service', () => {
  let space: Namespace;
  let caBundle = '';

  after(() => space[Symbol.asyncDispose]());
  before(async () => {
    space = await createNamespace(cluster);
    caBundle = await base64(credentialAt(pki, authorityName).certificate);
    const app = deploymentOf({ name: 'extension', replicas: 1, args: ['extension'], port: 8443 });
    await space.apply(
      await serverSecret(`extension.${space.name}.svc`),
      withSecret(app),
      serviceOf('extension', 443, 8443),
    );
    await space.rolledOut('extension');
  });

  test('an aggregated API: the front proxy tells it who asks', async (context) => {
    context.after(() => kubectl(cluster, ['delete', 'apiservice', 'v1.stub.test']));
    await space.apply({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.stub.test' },
      spec: {
        group: 'stub.test',
        version: 'v1',
        service: { name: 'extension', namespace: space.name },
        caBundle,
        groupPriorityMinimum: 1000,
        versionPriority: 10,
      },
    });
    await kubectl(cluster, ['wait', '--for=condition=Available', 'apiservice/v1.stub.test', '--timeout=30s']);
    const answer = await kubectl(cluster, ['get', '--raw', '/apis/stub.test/v1/whoami']);
    assert.deepEqual(JSON.parse(answer), {
      user: 'admin',
      groups: ['system:masters', 'system:authenticated'],
    });
  });

  test('a validating webhook: it refuses what it forbids, and only that', async (context) => {
    const name = `validate.${space.name}.test`;
    context.after(() => kubectl(cluster, ['delete', 'validatingwebhookconfiguration', name]));
    await space.apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name },
      webhooks: [
        {
          name,
          clientConfig: {
            service: { name: 'extension', namespace: space.name, path: '/validate' },
            caBundle,
          },
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
          ],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': space.name } },
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    const create = (map: string) => space.kubectl('create', 'configmap', map, '--dry-run=server');
    // The API server hears of a new webhook a moment later.
    const refused = () =>
      create('forbidden-map').then(
        () => null,
        (error: Error) => error.message,
      );
    const message = await eventually(refused, { limitMs: 20_000, else: () => 'The webhook is never called' });
    assert.match(message, /the webhook of the test forbids this name/);
    assert.match(await create('allowed-map'), /created/);
  });
});
