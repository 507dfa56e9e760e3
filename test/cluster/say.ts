/** What the commands tell the one who runs them: to stderr, so that it stands in order with what the tests print. */
export function say(line: string): void {
  process.stderr.write(`cluster: ${line}\n`);
}
