import assert from 'node:assert/strict';
import path from 'node:path';
import { freePorts } from './free-ports.ts';
import { createScriptPlayer } from './fuzz/script-player.ts';
import { differingSessions, seedsFrom } from './fuzz/sessions.ts';
import { startDrowse } from './harness.ts';
import { realTest } from './real-test.ts';
import { createScratch } from './scratch.ts';

const server = path.join(import.meta.dirname, 'servers/script-server.ts');

realTest(
  '1,000 fuzzed TCP sessions through Drowse are byte-equal to direct ones, half-closes included',
  async () => {
    await using scratch = await createScratch();
    const [quiet = 0, target = 0, greeting = 0, greetingTarget = 0, control = 0] = freePorts(5);
    const env = { PORT: `${target}`, GREETING_PORT: `${greetingTarget}`, CONTROL_PORT: `${control}` };
    const ports = [`${quiet}:${target}`, { name: 'greeting', listen: greeting, target: greetingTarget }];
    await using drowse = await startDrowse(scratch, {
      scripts: { command: [process.execPath, server], ports, env },
    });
    const differing = await differingSessions({
      seeds: seedsFrom(1, 1000),
      prepare: () => drowse.putToSleep('scripts'),
      play: createScriptPlayer({
        through: { quiet, greeting },
        direct: { quiet: target, greeting: greetingTarget },
        control,
      }),
    });
    assert.deepEqual(differing, []);
  },
);
