import assert from 'node:assert/strict';
import { firstQueriesAfterSleep } from './first-queries.ts';
import { freePorts } from './free-ports.ts';
import { startDrowse } from './harness.ts';
import { program, run } from './programs.ts';
import { realTest } from './real-test.ts';
import { createScratch } from './scratch.ts';

realTest(
  'Redis answers the first command after sleep through redis-cli, each exactly once',
  async (context) => {
    await using scratch = await createScratch();
    const [port = 0] = freePorts(1);
    await using drowse = await startDrowse(scratch, {
      redis: {
        command: [
          program('redis-server'),
          '--bind',
          '127.0.0.1',
          '--port',
          '${PORT}',
          '--dir',
          '.',
          '--appendonly',
          'yes',
        ],
        port,
        ready: { log: '[Rr]eady to accept connections' },
      },
    });
    await firstQueriesAfterSleep(context, drowse, 'redis', async (cycle) => {
      const answer = await run([
        program('redis-cli'),
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        'incr',
        'visits',
      ]);
      assert.equal(answer, String(cycle));
    });
  },
);
