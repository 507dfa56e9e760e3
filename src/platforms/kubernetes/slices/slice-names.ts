import type { EndpointSlice } from '../client/resources.ts';
import type { IpFamily } from '../resolve/types.ts';

/** Tells our slices from those of the cluster's own controller, which leaves alone what it does not manage. */
export const sliceLabels = {
  managedBy: 'endpointslice.kubernetes.io/managed-by',
  serviceName: 'kubernetes.io/service-name',
} as const;

export const sliceManager = 'drowse.dev';

/** The ScaledApp that a slice is for: an annotation, since names may be longer than labels. */
export const appAnnotation = 'drowse.dev/scaled-app';

/** For watching all of them. */
export const ourSlices = `${sliceLabels.managedBy}=${sliceManager}`;

/** Stable: what there is can be found again without having been remembered. */
export function sliceName(service: string, family: IpFamily, index: number): string {
  const base = `${service}-drowse-${family.toLowerCase()}`;
  return index === 0 ? base : `${base}-${index + 1}`;
}

/** The number in its name; `null` for one that is not called so. */
export function sliceIndex(slice: EndpointSlice, service: string, family: IpFamily): number | null {
  const { name = '' } = slice.metadata;
  const base = sliceName(service, family, 0);
  if (name === base) return 0;
  const number = name.startsWith(`${base}-`) ? Number(name.slice(base.length + 1)) : Number.NaN;
  return Number.isInteger(number) && number >= 2 ? number - 1 : null;
}

export function serviceOfSlice({ metadata }: EndpointSlice): string {
  return metadata.labels?.[sliceLabels.serviceName] ?? '';
}
