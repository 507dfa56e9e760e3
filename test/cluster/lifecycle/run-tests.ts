import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { sources } from '../folders.ts';
import { controlPlane } from '../machines/addresses.ts';
import { inNetworkOf } from '../machines/machine.ts';
import type { Options } from '../options.ts';
import { bringUp } from './bring-up.ts';
import { machineOf, readCluster, type Cluster } from './state.ts';
import { takeDown } from './take-down.ts';

/** Tells the tests which cluster is theirs. */
export const clusterVariable = 'DROWSE_TEST_CLUSTER';
const testLimitMs = 300_000;

/** Runs the tests, all or those named, and returns their exit code. A cluster that was up stays up; one made for them goes. */
export async function runTests(
  options: Options,
  files: readonly string[],
  interrupted: AbortSignal,
): Promise<number> {
  const stays = readCluster(options.name) !== null;
  try {
    return await nodeTest(await bringUp(options, interrupted), files, interrupted);
  } finally {
    if (!stays) await takeDown(options.name);
  }
}

/** In the network of the control plane: from there everything in the cluster can be reached, and nothing outside. */
async function nodeTest(
  cluster: Cluster,
  files: readonly string[],
  interrupted: AbortSignal,
): Promise<number> {
  const named = files.length > 0 ? files : [path.join(sources, '**/*.test.ts')];
  const flags = ['--test', '--test-concurrency=1', `--test-timeout=${testLimitMs}`];
  const node = [process.execPath, ...flags, ...named];
  const [file = '', ...args] = inNetworkOf(machineOf(cluster, controlPlane.name), node);
  const env = { ...process.env, [clusterVariable]: cluster.options.name };
  const child = spawn(file, args, { stdio: 'inherit', env });
  interrupted.addEventListener('abort', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
