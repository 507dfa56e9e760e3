import { type JsonObject, metadataOf, objectAt, withFields, withMetadata } from './json.ts';
import { invalid } from './refusal.ts';

/** The Scale of a workload. `replicas` is left out at 0, as Go's `omitempty` does. */
export function scaleObjectOf(workload: JsonObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadataOf(workload);
  const { replicas = 0, selector = {} } = objectAt(workload, 'spec');
  const { replicas: actual = 0 } = objectAt(workload, 'status');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: withFields({}, { name, namespace, uid, resourceVersion, creationTimestamp }),
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: actual, selector: selectorText(selector as JsonObject) },
  };
}

/** The workload with the count of a changed Scale. */
export function withScale(workload: JsonObject, scale: JsonObject): JsonObject {
  const { replicas = 0 } = objectAt(scale, 'spec');
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0)
    throw invalid('spec.replicas: must be greater than or equal to 0');
  const { resourceVersion, uid } = metadataOf(scale);
  const scaled = withFields(workload, { spec: { ...objectAt(workload, 'spec'), replicas } });
  return withMetadata(scaled, { resourceVersion, uid });
}

function selectorText(selector: JsonObject): string {
  return Object.entries(objectAt(selector, 'matchLabels'))
    .map(([name, value]) => `${name}=${JSON.stringify(value).slice(1, -1)}`)
    .toSorted()
    .join(',');
}
