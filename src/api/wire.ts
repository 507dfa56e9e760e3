import type { IncomingMessage } from 'node:http';
import type { IdentifiedEvent } from './client.ts';
import type { LogLine, StreamEvent } from './contract.ts';
import { errorCode } from './error-code.ts';
import { UnreachableError } from './client-errors.ts';

/** Bounds what one unfinished line can make us keep. */
const maxLineLength = 4 * 1024 * 1024;

/** Newline-delimited JSON. */
export async function* parseLines(response: IncomingMessage): AsyncGenerator<LogLine> {
  for await (const line of lines(response)) {
    if (line === '') continue;
    const parsed: LogLine = JSON.parse(line);
    yield parsed;
  }
}

/** Server-sent events: `id`, then `data` of one line, then an empty line. Comments and what we do not know are skipped. */
export async function* parseEvents(response: IncomingMessage): AsyncGenerator<IdentifiedEvent> {
  let id: string | null = null;
  let data: string | null = null;
  for await (const line of lines(response)) {
    if (line.startsWith('id:')) id = line.slice(3).trim();
    else if (line.startsWith('data:')) data = line.slice(5).trim();
    else if (line === '' && data !== null) {
      const event: StreamEvent = JSON.parse(data);
      yield { id, event };
      data = null;
    }
  }
}

async function* lines(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      const parts = (rest + String(chunk)).split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > maxLineLength)
        throw new UnreachableError('TOO_LARGE', 'A line of the answer is too long.');
      yield* parts;
    }
  } catch (error) {
    if (error instanceof UnreachableError || errorCode(error) === 'ABORT_ERR') throw error;
    throw new UnreachableError(
      errorCode(error) ?? 'EUNKNOWN',
      'Drowse has ended, or the connection to it broke.',
      error,
    );
  }
}
