/** Bytes of one line that are kept; what follows, up to the end of the line, is dropped. */
export const maxLineBytes = 8 * 1024;
const cutMark = ' …[cut]';

/**
 * Splits a stream of bytes into lines. It works on bytes, where a newline is never part of another character, and decodes each line by itself: a
 * line cut out of a long string would keep that whole string in memory.
 */
export class LineSplitter {
  readonly #emit: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #parts: Uint8Array[] = [];
  #held = 0;
  #overlong = false;

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#hold(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    // A copy: the chunk may be a view of a buffer much larger than the rest that is held.
    if (start < chunk.length) this.#hold(chunk.slice(start, start + maxLineBytes + 1));
  }

  /** The stream has ended: an unfinished line is one too. */
  end(): void {
    if (this.#held > 0) this.#finish();
  }

  #hold(part: Uint8Array): void {
    const room = maxLineBytes - this.#held;
    if (part.length > room) this.#overlong = true;
    if (room <= 0 || part.length === 0) return;
    this.#parts.push(part.subarray(0, room));
    this.#held += Math.min(part.length, room);
  }

  #finish(): void {
    const bytes = this.#joined();
    const kept = this.#overlong ? bytes.subarray(0, wholeCharacters(bytes)) : bytes;
    const text = this.#decoder.decode(kept);
    this.#emit(this.#overlong ? text + cutMark : text.endsWith('\r') ? text.slice(0, -1) : text);
    this.#parts = [];
    this.#held = 0;
    this.#overlong = false;
  }

  #joined(): Uint8Array {
    const [only = nothing] = this.#parts;
    if (this.#parts.length <= 1) return only;
    const joined = new Uint8Array(this.#held);
    let offset = 0;
    for (const part of this.#parts) {
      joined.set(part, offset);
      offset += part.length;
    }
    return joined;
  }
}

const newline = 0x0a;
const nothing = new Uint8Array();

/** Length of the longest prefix that does not end within a UTF-8 character. */
function wholeCharacters(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  while (start > 0 && bytes.length - start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const lead = bytes[start] ?? 0;
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + size > bytes.length ? start : bytes.length;
}
