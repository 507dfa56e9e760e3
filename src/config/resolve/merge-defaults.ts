import type { RawApp, RawDefaults } from '../schema/app.ts';

/** Maps are merged key by key, everything else of the app replaces what `defaults` says. */
export function mergeDefaults(defaults: RawDefaults, app: RawApp): RawApp {
  return {
    ...defaults,
    ...app,
    env: { ...defaults.env, ...app.env },
    hold: { ...defaults.hold, ...app.hold },
    stop: { ...defaults.stop, ...app.stop },
  };
}
