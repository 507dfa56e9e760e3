import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { ProcGroups } from '../../../src/platforms/local/node-host/proc-groups.ts';

const linux = process.platform === 'linux';
const blind = fileURLToPath(new URL('out-of-files-main.ts', import.meta.url));

void describe('what cannot be told of processes', { skip: !linux && 'needs /proc' }, () => {
  void test('is unknown, never gone, while no file descriptor is left; nothing throws', () => {
    const said: unknown = JSON.parse(
      execFileSync('/bin/sh', ['-c', 'ulimit -n 64; exec "$0" "$1"', process.execPath, blind], {
        encoding: 'utf8',
        timeout: 60_000,
      }),
    );
    assert.deepEqual(said, {
      groupAlive: true,
      identity: 'unknown',
      listeningPorts: null,
      findMarked: null,
      resources: null,
      spawn: 'EMFILE',
    });
  });

  void test('without a boot id no process has an identity, and asking does not throw', () => {
    assert.equal(new ProcGroups('/nowhere/boot_id').identity(process.pid), null);
    assert.match(new ProcGroups().identity(process.pid) ?? '', /:\d+$/);
  });
});
