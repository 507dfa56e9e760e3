import type { KubeObject } from '../client/object.ts';
import { defineResource } from '../client/resource.ts';
import type { ScaledAppSpec } from './schema/spec.ts';
import type { ScaledAppStatus } from './schema/status.ts';

/** An app: one scalable target and the Services in front of it. */
export interface ScaledApp extends KubeObject {
  readonly spec: ScaledAppSpec;
  readonly status?: ScaledAppStatus;
}

export const drowseGroup = 'drowse.dev';
export const scaledAppVersion = 'v1alpha1';

export const scaledApps = defineResource<ScaledApp>(
  `${drowseGroup}/${scaledAppVersion}`,
  'scaledapps',
  'ScaledApp',
);
