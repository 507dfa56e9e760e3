import { run } from '../../real/programs.ts';
import { findProgram } from '../find-program.ts';

/** The first Go that builds every version of Kubernetes which is tested. */
const neededMinor = 26;

export interface Go {
  /** As `go env GOVERSION` tells it: go1.26.8. */
  readonly version: string;
  run(argv: readonly string[]): Promise<string>;
}

/** A cold build of Kubernetes on two busy cores. */
const buildLimitMs = 40 * 60_000;

// No C: one static file that runs in any image. No workspace or flags of whoever runs this.
const env = { CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=mod' };

export async function findGo(): Promise<Go> {
  const file = findProgram('go', '/usr/local/go/bin', '/usr/lib/go/bin');
  if (file === null) throw new Error(`Go is not installed: 1.${neededMinor} or later (https://go.dev/dl)`);
  const version = await run([file, 'env', 'GOVERSION']);
  if (Number(/^go1\.(\d+)/.exec(version)?.[1]) < neededMinor) {
    throw new Error(
      `${file} is ${version}; Kubernetes needs Go 1.${neededMinor} or later (https://go.dev/dl)`,
    );
  }
  return { version, run: (argv) => run([file, ...argv], { env, limitMs: buildLimitMs }) };
}
