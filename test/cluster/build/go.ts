import { run } from '../../real/programs.ts';
import { findPrograms } from '../find-program.ts';

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

/** The first that is new enough: a distribution's own may be older than one beside it. */
export async function findGo(): Promise<Go> {
  const older: string[] = [];
  for (const file of findPrograms('go', '/usr/local/go/bin', '/usr/lib/go/bin')) {
    const version = await run([file, 'env', 'GOVERSION']);
    if (Number(/^go1\.(\d+)/.exec(version)?.[1]) >= neededMinor)
      return { version, run: (argv) => run([file, ...argv], { env, limitMs: buildLimitMs }) };
    older.push(`${file} is ${version}`);
  }
  const found = older.length === 0 ? 'Go is not installed' : older.join(', ');
  throw new Error(
    `${found}; a cluster needs Go 1.${neededMinor} or later. Run: sudo .ci/install-cluster-tools (or see https://go.dev/dl)`,
  );
}
