import type { World } from './world.ts';

/** Mean of the pauses, in milliseconds; drawn as chance events come. */
export function pauseOf(world: World, meanMs: number): number {
  return -Math.log(1 - world.random.next()) * meanMs;
}

/** Repeats something at random moments until the chaos is over. */
export function often(world: World, meanMs: number, untilMs: number, act: () => void): void {
  const next = (): void => {
    if (world.clock.monoMs() >= untilMs) return;
    act();
    world.clock.after(pauseOf(world, meanMs), next);
  };
  world.clock.after(pauseOf(world, meanMs), next);
}

/** Visitors of all kinds: trickles with pauses in which apps fall asleep, bursts, crowds, probes. */
export function sendVisitors(world: World, untilMs: number): void {
  for (const app of world.truths.keys()) trickle(world, app, untilMs);
  const anyApp = (): string => world.random.pick([...world.truths.keys()]);
  often(world, 9_000, untilMs, () => burst(world, anyApp(), world.random.pick([8, 20, 60])));
  often(world, 100_000, untilMs, () => {
    world.findings.fault('a thousand at once');
    burst(world, anyApp(), 1_050);
  });
  often(world, 35_000, untilMs, () => {
    world.findings.fault('all apps at once');
    for (const app of world.truths.keys()) burst(world, app, 5);
  });
  often(world, 1_500, untilMs, () => visit(world, anyApp(), false));
}

function trickle(world: World, app: string, untilMs: number): void {
  const { random, clock } = world;
  const next = (): void => {
    if (clock.monoMs() >= untilMs) return;
    visit(world, app, true);
    clock.after(pauseOf(world, random.chance(0.85) ? 500 : 14_000), next);
  };
  clock.after(random.between(0, 10_000), next);
}

export function burst(world: World, app: string, count: number): void {
  for (let sent = 0; sent < count; sent += 1) visit(world, app, true);
}

export function visit(world: World, app: string, counts: boolean): void {
  const { random } = world;
  world.visit(app, {
    counts,
    serviceMs: random.chance(0.06) ? random.between(2_000, 12_000) : random.between(0.5, 60),
    patienceMs: random.chance(0.12) ? random.between(0, 3_000) : Infinity,
    knock: !counts || random.chance(0.7) ? null : random.pick(['settle', 'hand-over'] as const),
  });
}
