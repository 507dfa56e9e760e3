import type { ProcessApp } from '../../../src/core/app.ts';
import { app, script } from './room.ts';

const listen = `require('node:net').createServer().listen(process.env.PORT ?? process.argv[1], '127.0.0.1')`;
const stop = { signal: 'SIGTERM', graceMs: 300 } as const;

/** What a killed Drowse may leave behind, in the order in which the helper prints their process ids. */
export function killable(): readonly ProcessApp[] {
  return [
    app({ name: 'plain', command: script(listen), stop }),
    app({ name: 'stubborn', command: script(`process.on('SIGTERM', () => {}); ${listen}`), stop }),
    // Without any environment, as PostgreSQL and nginx look after they have written their title over it.
    app({
      name: 'bare',
      command: { kind: 'argv', argv: ['/usr/bin/env', '-i', process.execPath, '-e', listen, '${PORT}'] },
      stop,
    }),
    app({
      name: 'family',
      command: { kind: 'shell', line: `${process.execPath} -e "${listen}" & wait` },
      stop,
    }),
    app({
      name: 'chatty',
      command: script(`${listen}; setInterval(() => console.log('still here'), 5)`),
      stop,
    }),
  ];
}
