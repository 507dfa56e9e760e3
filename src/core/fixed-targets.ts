import type { AppSpec } from './app.ts';

/** Ports on which every replica of the app listens: of its processes there can only be one at a time, and none beside those of another app that has the same. */
export function fixedTargets({ ports }: Pick<AppSpec, 'ports'>): readonly number[] {
  return ports.flatMap(({ target }) => (target === 'assigned' ? [] : [target]));
}
