/** What happened, line by line. Two runs of one seed at one commit have the same trace, to the last line. */
export class Trace {
  readonly lines: string[] = [];
  private hash = 0x811c9dc5;
  private readonly nowMs: () => number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  note(what: string): void {
    const line = `${this.nowMs().toFixed(3).padStart(12)}  ${what}`;
    this.lines.push(line);
    for (let index = 0; index < line.length; index += 1)
      this.hash = Math.imul(this.hash ^ line.charCodeAt(index), 0x01000193);
  }

  /** FNV-1a over all lines. */
  digest(): string {
    return (this.hash >>> 0).toString(16).padStart(8, '0');
  }
}
