/** What the choice looks at. */
export interface Candidate {
  readonly inFlight: number;
}

/**
 * The index of the candidate with the least in flight among those with room, or -1 when none has room. Ties go round: the search begins at `start`, and the
 * first of equals wins, so a caller that passes the index after the last choice spreads equal load evenly.
 */
export function leastInFlight(candidates: readonly Candidate[], start: number, limit: number): number {
  const count = candidates.length;
  let best = -1;
  let least = limit;
  for (let step = 0; step < count; step += 1) {
    const index = (start + step) % count;
    const inFlight = candidates[index]?.inFlight ?? limit;
    if (inFlight < least) {
      best = index;
      least = inFlight;
    }
  }
  return best;
}
