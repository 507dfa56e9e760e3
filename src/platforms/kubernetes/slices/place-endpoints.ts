import type { Endpoint } from '../client/resources.ts';
import { endpointKey } from './endpoints.ts';

/** What every consumer takes in one slice, and what the API server's own controller puts there. */
export const mostEndpoints = 100;

/**
 * Distributes endpoints over slices, by their number (0 is the first). Each stays where it was: one that moved would be in none for a moment, or in two. What is new goes where there is
 * room. Slices that have none left are not named.
 */
export function placeEndpoints(
  endpoints: readonly Endpoint[],
  before: ReadonlyMap<number, readonly Endpoint[]>,
): ReadonlyMap<number, readonly Endpoint[]> {
  const homes = new Map(
    [...before].flatMap(([slice, list]) => list.map((one) => [endpointKey(one), slice] as const)),
  );
  const placed = new Map<number, Endpoint[]>();
  const hasRoom = (slice: number): boolean => (placed.get(slice)?.length ?? 0) < mostEndpoints;
  const put = (slice: number, endpoint: Endpoint): void => {
    const list = placed.get(slice) ?? [];
    placed.set(slice, list);
    list.push(endpoint);
  };
  const newcomers = endpoints.filter((endpoint) => {
    const home = homes.get(endpointKey(endpoint));
    if (home === undefined || !hasRoom(home)) return true;
    put(home, endpoint);
    return false;
  });
  for (const endpoint of newcomers) {
    let slice = 0;
    while (!hasRoom(slice)) slice += 1;
    put(slice, endpoint);
  }
  return placed;
}
