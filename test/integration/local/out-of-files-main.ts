import { openSync } from 'node:fs';
import { createNodeHost } from '../../../src/platforms/local/node-host.ts';
import { systemClock } from '../../../src/system/clock.ts';

/** Takes every file descriptor that it may have, and says what the machine can tell of a process that lives. */
const host = createNodeHost({
  clock: systemClock,
  random: { next: () => 0.5 },
  env: process.env,
  platform: process.platform,
});
const observer = { output: () => undefined, exited: () => undefined };
const request = { file: process.execPath, args: ['-e', 'setTimeout(() => {}, 60_000)'], cwd: '/', env: {} };
const child = host.spawn(request, observer);
if (!child.ok) throw new Error(child.message);
takeAllFiles();
const again = host.spawn(request, observer);
const found = {
  groupAlive: host.groupAlive(child.pid),
  identity: host.identity(child.pid) === undefined ? 'unknown' : 'known',
  listeningPorts: host.listeningPorts(child.pid),
  findMarked: host.findMarked('nobody'),
  resources: await host.resources(child.pid),
  spawn: again.ok ? 'ok' : again.code,
};
host.signalGroup(child.pid, 'SIGKILL');
process.stdout.write(JSON.stringify(found));

function takeAllFiles(): void {
  try {
    for (;;) openSync('/dev/null', 'r');
  } catch {
    // None is left.
  }
}
