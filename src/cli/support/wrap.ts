/** Lines no wider than `width`, broken at spaces, each going on below where its text began. A word that is too long stays whole. */
export function wrapLines(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  const indent = / *(?:\| )?/.exec(line)?.[0] ?? '';
  const wrapped: string[] = [];
  let current = indent;
  for (const word of line.slice(indent.length).split(' ')) {
    const isFirst = current.length === indent.length;
    if (!isFirst && lengthOf(current) + 1 + lengthOf(word) > width) {
      wrapped.push(current);
      current = indent + word;
    } else current += isFirst ? word : ` ${word}`;
  }
  return [...wrapped, current];
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
