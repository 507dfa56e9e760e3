#!/usr/bin/env node
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { up } from '../src/main.ts';

/** `npm start`: the three apps of `examples/drowse.yaml`, a line to try, and the table of states. */
const here = dirname(fileURLToPath(import.meta.url));
const configPath = join(here, 'drowse.yaml');
const ports = { ocr: 8701, echo: 8702, site: 8703 };

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function takenPorts(): Promise<number[]> {
  const found = await Promise.all(
    Object.values(ports).map(async (port) => ((await isTaken(port)) ? port : null)),
  );
  return found.filter((port) => port !== null);
}

function introduce(): void {
  const lines = [
    '',
    'Drowse runs three apps, all asleep. Each starts when somebody connects, and sleeps again after 20 idle seconds.',
    '',
    `  text in a picture   http://127.0.0.1:${ports.ocr}/`,
    `  WebSocket echo      http://127.0.0.1:${ports.echo}/`,
    `  static site         http://127.0.0.1:${ports.site}/`,
    '',
    'Try it, in another terminal in this folder (the first answer includes the start of the app):',
    '',
    `  curl -fsS --data-binary @examples/ocr/sample.png http://127.0.0.1:${ports.ocr}/`,
    '',
    'Then: npm run drowse -- why ocr -f examples/drowse.yaml. Ctrl-C ends everything.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const taken = await takenPorts();
if (taken.length > 0) {
  process.stderr.write(
    `The demo needs port ${taken.join(' and ')}, where another program listens already. End that program, or change the ports in examples/drowse.yaml and examples/demo.ts.\n`,
  );
  process.exitCode = 1;
} else {
  introduce();
  // State of its own: the demo disturbs no other Drowse of this user.
  const stateDir = join(tmpdir(), `drowse-demo-${userInfo().uid}`);
  process.exitCode = await up({
    configPath,
    stateDir,
    api: null,
    logLevel: 'warn',
    table: process.stdout.isTTY === true,
    quiet: false,
  });
}
