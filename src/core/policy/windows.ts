import type { DailyWindow, ScheduleRule } from '../app.ts';
import type { Edge } from './schedule.ts';
import { isInside, nextEdge } from './schedule.ts';

/** Windows are walked edge by edge at most so far: more than any week of a sensible schedule has. */
const mostEdges = 256;

export function windowsFor(schedule: readonly ScheduleRule[], effect: ScheduleRule['effect']): DailyWindow[] {
  return schedule.filter((rule) => rule.effect === effect).map((rule) => rule.window);
}

export function isInsideAny(windows: readonly DailyWindow[], wallMs: number): boolean {
  return windows.some((window) => isInside(window, wallMs));
}

/** The first instant at which any of the windows begins or ends. */
export function firstEdgeMs(windows: readonly DailyWindow[], wallMs: number): number | null {
  let first: number | null = null;
  for (const window of windows) {
    const atMs = nextEdge(window, wallMs)?.atMs ?? null;
    if (atMs !== null && (first === null || atMs < first)) first = atMs;
  }
  return first;
}

/** When being inside any of the windows changes: where one begins as another ends, nothing does. */
export function nextUnionEdge(windows: readonly DailyWindow[], wallMs: number): Edge | null {
  const inside = isInsideAny(windows, wallMs);
  let atMs = firstEdgeMs(windows, wallMs);
  for (let walked = 0; atMs !== null && walked < mostEdges; walked += 1) {
    if (isInsideAny(windows, atMs) !== inside) return { atMs, inside: !inside };
    atMs = firstEdgeMs(windows, atMs);
  }
  return null;
}

/** When the windows begin next: after the present stretch, if there is one. */
export function nextStartMs(windows: readonly DailyWindow[], wallMs: number): number | null {
  const edge = nextUnionEdge(windows, wallMs);
  if (edge === null || edge.inside) return edge?.atMs ?? null;
  return nextUnionEdge(windows, edge.atMs)?.atMs ?? null;
}
