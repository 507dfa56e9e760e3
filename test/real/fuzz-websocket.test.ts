import assert from 'node:assert/strict';
import path from 'node:path';
import { freePorts } from './free-ports.ts';
import { differingSessions, seedsFrom } from './fuzz/sessions.ts';
import { playWebSocket } from './fuzz/websocket-client.ts';
import { startDrowse } from './harness.ts';
import { realTest } from './real-test.ts';
import { createScratch } from './scratch.ts';

const server = path.join(import.meta.dirname, 'servers/websocket-server.ts');

realTest('1,000 fuzzed WebSocket sessions through Drowse are byte-equal to direct ones', async () => {
  await using scratch = await createScratch();
  const [port = 0, target = 0] = freePorts(2);
  await using drowse = await startDrowse(scratch, {
    echo: { command: [process.execPath, server], port: `${port}:${target}`, env: { PORT: String(target) } },
  });
  const differing = await differingSessions({
    seeds: seedsFrom(1, 1000),
    prepare: () => drowse.putToSleep('echo'),
    play: (seed, way) => playWebSocket(seed, way === 'through' ? port : target),
  });
  assert.deepEqual(differing, []);
});
