import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploymentOf } from './harness/app-manifests.ts';
import { callsBetween, mark } from './harness/audit.ts';
import { createNamespace, type Json } from './harness/namespace.ts';
import { openCluster } from './harness/open-cluster.ts';
import { drowseImage } from './images/names.ts';

const cluster = openCluster();

/** Wakes an app as Drowse will: with the token that is mounted, over the API server's Service. Once more than it may. */
const program = `
  const { readFileSync } = require('node:fs');
  const token = readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/token', 'utf8');
  const namespace = readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/namespace', 'utf8');
  const ask = async (path, patch) => {
    const init = patch === undefined ? {} : { method: 'PATCH', body: JSON.stringify(patch) };
    const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/merge-patch+json' };
    const answer = await fetch('https://kubernetes.default.svc/apis/apps/v1/namespaces/' + namespace + path, { ...init, headers });
    console.log(answer.status);
  };
  (async () => {
    await ask('/deployments/web/scale', { spec: { replicas: 2 } });
    await ask('/deployments/web');
  })();
`;

function caller(): Json[] {
  const rules = [{ apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['patch'] }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'waker' };
  const authority = '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt';
  const container = {
    name: 'waker',
    image: drowseImage,
    command: ['/bin/node', '-e', program],
    env: [{ name: 'NODE_EXTRA_CA_CERTS', value: authority }],
    securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'waker' } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'waker' }, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'waker' },
      roleRef,
      subjects: [{ kind: 'ServiceAccount', name: 'waker' }],
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'waker' },
      spec: { serviceAccountName: 'waker', restartPolicy: 'Never', containers: [container] },
    },
  ];
}

test('a pod has the rights of its account and no others, and the audit log names its calls', async () => {
  await using space = await createNamespace(cluster);
  await space.apply(deploymentOf({ name: 'web', replicas: 1, args: ['http'], port: 8080 }));
  const from = await mark(cluster);
  await space.apply(...caller());
  await space.kubectl('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/waker', '--timeout=50s');
  assert.equal(await space.kubectl('logs', 'waker'), '200\n403');
  const to = await mark(cluster);

  const user = `system:serviceaccount:${space.name}:waker`;
  const calls = await callsBetween(cluster, from, to, user);
  const told = calls.map(({ verb, resource, namespace, name, code }) => ({
    verb,
    resource,
    namespace,
    name,
    code,
  }));
  const web = { namespace: space.name, name: 'web' };
  assert.deepEqual(told, [
    { verb: 'patch', resource: 'deployments.apps/scale', ...web, code: 200 },
    { verb: 'get', resource: 'deployments.apps', ...web, code: 403 },
  ]);
  assert.deepEqual(calls[0]?.body, { spec: { replicas: 2 } });
  assert.deepEqual(await callsBetween(cluster, to, to, user), []);
});
