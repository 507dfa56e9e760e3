import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';

/** Everything that commands need of the world. */
export interface Terminal {
  readonly out: OutputStream;
  readonly err: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** For commands that go on until they are ended: aborted on Ctrl-C, and when nobody reads the output any more. Once it is taken, Ctrl-C does nothing else. */
  readonly untilInterrupted: () => AbortSignal;
}

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Colours only on a terminal that wants them (https://no-color.org). */
export function colorsOf(stream: OutputStream, env: Terminal['env']): Colors {
  const wanted = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return picocolors.createColors(wanted);
}

/** Whether a table can stay in its place there, and be drawn anew. */
export function canRedraw({ isTTY }: OutputStream, env: Terminal['env']): boolean {
  return isTTY === true && env['TERM'] !== 'dumb';
}

/** Text of strangers (paths, user agents, output of apps) on one line, without what a terminal would obey. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u00b7');
}

/** The same JSON, without what a terminal would obey: JSON itself escapes only part of it. */
export function printableJson(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    Array.from(
      { length: found.length },
      (_, index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

export function line(stream: OutputStream, text = ''): void {
  stream.write(`${text}\n`);
}
