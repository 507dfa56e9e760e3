/** One line of the report: a number of the issue, what was measured, and whether it holds. */
export interface Verdict {
  readonly name: string;
  readonly measured: string;
  readonly target: string;
  readonly holds: boolean;
}

export interface Bench {
  readonly name: string;
  readonly title: string;
  /** `full` takes the counts that the numbers are stated for; otherwise the bench ends within two minutes. */
  readonly run: (options: { readonly full: boolean }) => Promise<readonly Verdict[]>;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printVerdict(verdict: Verdict): void {
  print(
    `  ${verdict.holds ? 'holds ' : 'MISSED'}  ${verdict.name}: ${verdict.measured}  [target: ${verdict.target}]`,
  );
}
