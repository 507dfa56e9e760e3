type Value = string | number | boolean | undefined;

/** `?a=1&b=2`, without what is undefined; empty when nothing is left. */
export function query(parameters: Readonly<Record<string, Value>>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
