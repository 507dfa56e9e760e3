import { KubeError } from '../errors.ts';

/** An object has at most 1.5 MiB in etcd; its JSON, twice over, with what the watch adds, is less than this. */
const longestLine = 16 * 1024 * 1024;

/** Cuts a stream of bytes into lines. What follows the last line break is no line: the stream was cut there. */
export class LineDecoder {
  private readonly decoder = new TextDecoder();
  private rest = '';

  push(chunk: Uint8Array): readonly string[] {
    const text = this.decoder.decode(chunk, { stream: true });
    const [first = '', ...others] = text.split('\n');
    this.rest += first;
    if (this.rest.length > longestLine) throw new KubeError('Malformed', 'an event of the watch has no end');
    if (others.length === 0) return [];
    const lines = [this.rest, ...others];
    this.rest = lines.pop() ?? '';
    return lines.filter((line) => line !== '');
  }
}
