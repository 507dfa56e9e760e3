import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { freePorts } from '../real/free-ports.ts';
import { startBreakingProxy } from '../real/fuzz/breaking-proxy.ts';
import type { Breakage } from '../real/fuzz/breaking-proxy.ts';
import { createScriptPlayer } from '../real/fuzz/script-player.ts';
import { differingSessions, seedsFrom } from '../real/fuzz/sessions.ts';

const server = path.join(import.meta.dirname, '../real/servers/script-server.ts');

/** The fuzzed sessions of test/real, against proxies that are broken on purpose. */
async function differences(breakage: Breakage, limitMs: number): Promise<string[]> {
  const [target = 0, greetingTarget = 0, control = 0] = freePorts(3);
  const env = {
    ...process.env,
    PORT: `${target}`,
    GREETING_PORT: `${greetingTarget}`,
    CONTROL_PORT: `${control}`,
  };
  const child = spawn(process.execPath, [server], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    await using quiet = await startBreakingProxy(target, breakage);
    await using greeting = await startBreakingProxy(greetingTarget, breakage);
    const play = createScriptPlayer({
      through: { quiet: quiet.port, greeting: greeting.port },
      direct: { quiet: target, greeting: greetingTarget },
      control,
    });
    return await differingSessions({
      seeds: seedsFrom(1, 24),
      play,
      prepare: async () => undefined,
      limitMs,
    });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

void test('the fuzzed sessions find nothing wrong with a proxy that is right', async () => {
  assert.deepEqual(await differences('none', 30_000), []);
});

for (const breakage of [
  'changes a byte',
  'loses a byte',
  'swallows a half-close',
  'ends both ways at once',
] as const) {
  void test(`the fuzzed sessions notice a proxy that ${breakage}`, async () => {
    assert.notDeepEqual(await differences(breakage, 500), []);
  });
}
