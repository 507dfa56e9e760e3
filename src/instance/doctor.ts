import { readFile } from 'node:fs/promises';
import type { Finding } from '../api/ports.ts';
import type { Control } from '../control/control.ts';
import { examineApp } from './doctor/app.ts';
import { examineOpenFiles, examinePlatform, examineState } from './doctor/machine.ts';

/** `drowse doctor`: what is wrong, or may become so, with the installation as it stands; each finding with its cure. */
export async function examine(control: Control, stateDir: string): Promise<readonly Finding[]> {
  const apps = control.list();
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => null);
  const held = Math.max(0, ...apps.map(({ spec }) => spec.hold.max));
  const perApp = await Promise.all(
    apps.map((status) => examineApp(status, control.why(status.spec.name)?.lastFailure ?? null)),
  );
  return [
    examinePlatform(process.platform),
    await examineState(stateDir),
    ...examineOpenFiles(limits, held),
    ...perApp.flat(),
  ];
}
