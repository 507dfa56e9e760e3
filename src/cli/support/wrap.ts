/** Lines no wider than `width`, broken at spaces, each going on below where its text began. A word that is too long stays whole, and so does a command at the end, which is there to be copied. */
export function wrapLines(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => {
    const indent = / *(?:\| )?/.exec(line)?.[0] ?? '';
    return wrap(line.slice(indent.length), width - indent.length).map((part) => indent + part);
  });
}

/** A head and its text, which goes on below where it began. */
export function wrapBehind(head: string, text: string, width: number): string[] {
  const indent = ' '.repeat(lengthOf(head));
  return wrap(text, width - indent.length).map((part, index) => (index === 0 ? head : indent) + part);
}

function wrap(text: string, width: number): string[] {
  const wrapped: string[] = [];
  let current: string | null = null;
  for (const word of wordsOf(text)) {
    if (current !== null && lengthOf(current) + 1 + lengthOf(word) > width) {
      wrapped.push(current);
      current = word;
    } else current = current === null ? word : `${current} ${word}`;
  }
  return [...wrapped, current ?? ''];
}

function wordsOf(text: string): string[] {
  const command = /(?<=: )drowse (?:-f|[a-z]+) .*$/.exec(text);
  if (command === null) return text.split(' ');
  return [...text.slice(0, command.index - 1).split(' '), command[0]];
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
