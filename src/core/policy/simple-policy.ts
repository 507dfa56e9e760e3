import { armed, refusalAt, replicasUp } from './arming.ts';
import { operatorSleep, operatorWake, pinned, wanted, withoutExpired } from './commands.ts';
import { explain } from './explain.ts';
import type { SimplePolicyConfig } from './holds.ts';
import { holds } from './holds.ts';
import { hasIdledOut, lookAgainAtMs, lookAt } from './idleness.ts';
import type { SimpleSnapshot } from './simple-snapshot.ts';
import { restore } from './simple-snapshot.ts';
import type { Deadline, Now, Policy, PolicyEvent, PolicyStep, UseLevel } from './types.ts';
import { firstEdgeMs } from './windows.ts';

/**
 * Idle time-out, schedule windows, pins and an operator's word. In order of precedence:
 *
 * 1. a pin, `minReplicas` of 1 or more, or dependents that are not asleep: up;
 * 2. an operator's `sleep`: down, until the next request or the beginning of an awake window;
 * 3. an awake window: up;
 * 4. an asleep window: down once it is quiet (an operator's `wake` outweighs it until the schedule's next edge); with `refuse`, requests do not wake;
 * 5. use: up at a request, down when use is known to have been nil for `sleepAfterMs` since the last use, the moment the app became wanted
 *    or ready, or the start of Drowse, whichever was last.
 *
 * Capacity is lowered on `tick` alone, which brings the level of use (and on `sleep`, which is an order). The deadline is lazy: use does not move it; when it
 * comes, use is looked at and the next one set.
 */
export function createSimplePolicy(config: SimplePolicyConfig): Policy<SimpleSnapshot> {
  return {
    start: (restored, now) => settled(config, restore(restored, now), now),
    step: (snapshot, event, now) => {
      const current = withoutExpired(snapshot, now);
      return settled(config, react(config, current, event, now), now);
    },
    explain: (snapshot, use, now) => explain(config, withoutExpired(snapshot, now), use, now),
  };
}

function react(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  event: PolicyEvent,
  now: Now,
): SimpleSnapshot {
  switch (event.type) {
    case 'request':
      return request(config, snapshot, now);
    case 'ready':
      return snapshot.starting ? { ...snapshot, starting: false, idleFromMs: now.monoMs } : snapshot;
    case 'slept':
    case 'wake.failed':
      return { ...snapshot, starting: false };
    case 'tick':
      return look(config, snapshot, event.use, now);
    case 'wake':
      return operatorWake(config, snapshot, event, now);
    case 'sleep':
      return operatorSleep(config, snapshot, event, now);
    case 'pin':
      return pinned(snapshot, event);
    case 'unpin':
      return { ...snapshot, pin: null };
    default:
      return { ...snapshot, dependents: event.awake };
  }
}

/** A request inside a refusing window wakes nothing that is down; the data path should have refused it. */
function request(config: SimplePolicyConfig, snapshot: SimpleSnapshot, now: Now): SimpleSnapshot {
  if (!snapshot.wanted && refusalAt(config, snapshot, now.wallMs) !== null) return snapshot;
  return wanted(withoutSleep(snapshot), now);
}

function look(config: SimplePolicyConfig, snapshot: SimpleSnapshot, use: UseLevel, now: Now): SimpleSnapshot {
  const seen = lookAt(snapshot, use, now);
  if (!seen.wanted || holds(config, seen, now).length > 0) return seen;
  return hasIdledOut(config, seen, use, now) ? { ...seen, wanted: false, operator: null } : seen;
}

/** What holds an app up makes it wanted; from there on only idleness, or an order, lets it go. */
function settled(config: SimplePolicyConfig, snapshot: SimpleSnapshot, now: Now): PolicyStep<SimpleSnapshot> {
  const current = withoutExpired(snapshot, now);
  const held = holds(config, current, now).length > 0;
  const next = held && !current.wanted ? wanted(withoutSleep(current), now) : current;
  const output = {
    replicas: next.wanted ? replicasUp(config, next) : 0,
    deadline: deadline(config, next, held, now),
    armed: armed(config, next, now),
  };
  return { snapshot: next, output };
}

function withoutSleep(snapshot: SimpleSnapshot): SimpleSnapshot {
  return snapshot.operator?.kind === 'sleep' ? { ...snapshot, operator: null } : snapshot;
}

function deadline(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  held: boolean,
  now: Now,
): Deadline | null {
  const monoMs = snapshot.wanted && !held ? lookAgainAtMs(config, snapshot, now) : null;
  const wallMs = nextWallMs(config, snapshot, now.wallMs);
  if (wallMs === null) return monoMs === null ? null : { clock: 'mono', atMs: monoMs };
  if (monoMs === null || wallMs - now.wallMs < monoMs - now.monoMs) return { clock: 'wall', atMs: wallMs };
  return { clock: 'mono', atMs: monoMs };
}

function nextWallMs(config: SimplePolicyConfig, { pin }: SimpleSnapshot, wallMs: number): number | null {
  const edge = firstEdgeMs(
    config.schedule.map((rule) => rule.window),
    wallMs,
  );
  const unpin = pin?.untilMs ?? null;
  if (edge === null || unpin === null) return edge ?? unpin;
  return Math.min(edge, unpin);
}
