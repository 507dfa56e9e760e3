import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkout } from './folders.ts';
import { createNamespace } from './harness/namespace.ts';
import { openCluster } from './harness/open-cluster.ts';
import { drowseImage } from './images/names.ts';

const cluster = openCluster();

test('the image of Drowse runs under the strictest of the pod security standards', async () => {
  await using space = await createNamespace(cluster);
  const strict = 'pod-security.kubernetes.io/enforce=restricted';
  await space.kubectl('label', 'namespace', space.name, strict);
  await space.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'drowse' },
    spec: {
      restartPolicy: 'Never',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'drowse',
          image: drowseImage,
          args: ['version'],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  });
  await space.kubectl('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/drowse', '--timeout=50s');
  const { version } = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  assert.ok((await space.kubectl('logs', 'drowse')).includes(version));
});
