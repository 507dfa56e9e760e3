import assert from 'node:assert/strict';
import { firstQueriesAfterSleep } from './first-queries.ts';
import { freePorts } from './free-ports.ts';
import { startDrowse } from './harness.ts';
import { program, run } from './programs.ts';
import { realTest } from './real-test.ts';
import { createScratch } from './scratch.ts';

/** etcd speaks gRPC to its clients, over HTTP/2 without TLS here; etcdctl waits for the answer of one call and leaves. */
realTest(
  'etcd answers the first gRPC call after sleep through etcdctl, each exactly once',
  async (context) => {
    await using scratch = await createScratch();
    const [port = 0, peerPort = 0] = freePorts(2);
    const client = 'http://127.0.0.1:${PORT}';
    const peer = `http://127.0.0.1:${peerPort}`;
    const options = {
      '--name': 'only',
      '--data-dir': 'etcd',
      '--listen-client-urls': client,
      '--advertise-client-urls': client,
      '--listen-peer-urls': peer,
      '--initial-advertise-peer-urls': peer,
      '--initial-cluster': `only=${peer}`,
      '--heartbeat-interval': '10',
      '--election-timeout': '100',
      // A lone member need not wait for an election to time out.
      '--initial-election-tick-advance': 'true',
    };
    await using drowse = await startDrowse(scratch, {
      etcd: {
        command: [program('etcd'), ...Object.entries(options).map(([name, value]) => `${name}=${value}`)],
        port,
        ready: { http: '/health' },
      },
    });
    const etcdctl = [
      program('etcdctl'),
      `--endpoints=http://127.0.0.1:${port}`,
      '--dial-timeout=30s',
      '--command-timeout=30s',
    ];
    const env = { ETCDCTL_API: '3' };
    await firstQueriesAfterSleep(context, drowse, 'etcd', async (cycle) => {
      const answer: unknown = JSON.parse(
        await run([...etcdctl, 'put', 'visit', String(cycle), '-w', 'json'], { env }),
      );
      // The store is at revision 1 while it is empty, and each write adds one.
      assert.partialDeepStrictEqual(answer, { header: { revision: cycle + 1 } });
    });
  },
);
