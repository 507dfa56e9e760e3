import type { LabelSelector } from '../client/resources.ts';

type Labels = Readonly<Record<string, string>>;

/** One condition of a label selector. */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

export type PodSelector = readonly Requirement[];

type Form = readonly [RegExp, Requirement['operator']];

/** As Kubernetes writes them. Keys and values are what it takes for labels. */
const forms: readonly Form[] = [
  [/^([\w./-]+)\s+in\s+\(([^)]*)\)$/, 'In'],
  [/^([\w./-]+)\s+notin\s+\(([^)]*)\)$/, 'NotIn'],
  [/^([\w./-]+)\s*!=\s*([\w.-]*)$/, 'NotIn'],
  [/^([\w./-]+)\s*==?\s*([\w.-]*)$/, 'In'],
  [/^!\s*([\w./-]+)$/, 'DoesNotExist'],
  [/^([\w./-]+)$/, 'Exists'],
];

/** `app=web,tier in (a,b),!canary`: the selector in the status of a Scale. `null` for what cannot be read, and for one that would select everything. */
export function parsePodSelector(text: string): PodSelector | null {
  const parts = text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const requirements = parts.flatMap((part) => parseRequirement(part) ?? []);
  return parts.length > 0 && requirements.length === parts.length ? requirements : null;
}

function parseRequirement(text: string): Requirement | null {
  for (const [form, operator] of forms) {
    const [whole, key = '', values] = form.exec(text) ?? [];
    if (whole === undefined) continue;
    return { key, operator, values: values === undefined ? [] : values.split(',').map((one) => one.trim()) };
  }
  return null;
}

/** That of a Deployment or StatefulSet. */
export function podSelectorOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): PodSelector {
  const labels = Object.entries(matchLabels).map(([key, value]): Requirement => ({
    key,
    operator: 'In',
    values: [value],
  }));
  return [
    ...labels,
    ...matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator, values })),
  ];
}

/** One without conditions selects nothing: that of all pods of a namespace is nobody's. */
export function selectsPod(selector: PodSelector, labels: Labels = {}): boolean {
  return selector.length > 0 && selector.every((requirement) => holds(requirement, labels));
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/** The labels that every pod has which it selects. */
export function certainLabels(selector: PodSelector): Labels {
  return Object.fromEntries(
    selector.flatMap(({ key, operator, values }) =>
      operator === 'In' && values.length === 1 ? [[key, values[0] ?? ''] as const] : [],
    ),
  );
}
