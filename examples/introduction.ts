import path from 'node:path';
import type { AppSpec } from '../src/core/app.ts';

/** What `npm start` says first: the apps, one line to paste, and how to see what happens. `folder` is that of the examples, absolute. */
export function introduction(apps: readonly AppSpec[], folder: string): readonly string[] {
  const width = Math.max(...apps.map(({ name }) => name.length));
  const ocr = apps.find(({ name }) => name === 'ocr');
  return [
    `${apps.length} apps. Each starts when somebody connects, and is stopped when nobody has used it for a while:`,
    '',
    ...apps.map((app) => `  ${app.name.padEnd(width)}  ${urlOf(app)}`),
    '',
    ...(ocr === undefined ? [] : tryIt(ocr, folder)),
    'In another terminal, in this folder: `npm run drowse -- why ocr`, `npm run drowse -- get`. Ctrl-C here ends everything.',
    '',
  ];
}

function tryIt(ocr: AppSpec, folder: string): readonly string[] {
  const sample = shellWord(path.join(folder, 'ocr', 'sample.png'));
  return [
    'Paste this into another terminal; the app wakes, and reads the text in the picture:',
    '',
    `  curl -fsS --data-binary @${sample} ${urlOf(ocr)}`,
    '',
  ];
}

export function urlOf({ ports: [port] }: AppSpec): string {
  return port === undefined ? '' : `http://${port.listen.host}:${port.listen.port}/`;
}

/** As the shell takes it for one word, also where a folder has a space in its name. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
