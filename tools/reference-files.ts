import { readFile } from 'node:fs/promises';
import { apiReferenceFiles } from '../src/api/reference.ts';
import { cliReferenceFiles } from '../src/cli/reference.ts';
import { configReferenceFiles } from '../src/config/reference/files.ts';
import { metricsReferenceFiles } from '../src/monitoring/exporter-reference.ts';
import { kubernetesReferenceFiles } from '../src/platforms/kubernetes/reference/files.ts';

export interface ReferenceFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly content: string;
}

/** Everything that is generated, as it ought to be. */
export async function referenceFiles(): Promise<readonly ReferenceFile[]> {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  return [
    ...configReferenceFiles(),
    ...(await apiReferenceFiles(version)),
    ...cliReferenceFiles(),
    ...metricsReferenceFiles(),
    ...kubernetesReferenceFiles(),
  ];
}
