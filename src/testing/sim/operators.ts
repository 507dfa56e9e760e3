import { isDeepStrictEqual } from 'node:util';
import { accept } from './memory.ts';
import { editApp } from './scenario.ts';
import type { AppTruth } from './truth.ts';
import { often } from './visits.ts';
import type { World } from './world.ts';

/** Those who give commands, and those who change the configuration. */
export function letOperatorsWork(world: World, untilMs: number): void {
  const anyTruth = (): AppTruth => world.random.pick([...world.truths.values()]);
  often(world, 7_000, untilMs, () => command(world, anyTruth(), drawCommand(world)));
  // Orders in mid-wake are the ones that cross each other.
  often(world, 1_500, untilMs, () => {
    const waking = [...world.truths.values()].filter(({ phase }) => phase === 'waking');
    if (waking.length > 0) command(world, world.random.pick(waking), 'sleep');
  });
  often(world, 18_000, untilMs, () => edit(world, anyTruth()));
  often(world, 60_000, untilMs, () => removeOrAdd(world, anyTruth()));
}

type Command = keyof typeof commands;

function drawCommand({ random }: World): Command {
  return random.pick(['wake', 'wake so many', 'sleep', 'sleep', 'pin', 'unpin', 'unpin']);
}

function command(world: World, truth: AppTruth, name: Command): void {
  const { drowse } = world;
  if (drowse === null || !drowse.isUp || drowse.isClosing || drowse.control.get(truth.name) === null) return;
  world.trace.note(`operator: ${name} ${truth.name}`);
  // A command may end in the middle of it, with Drowse.
  truth.isUncertain = true;
  const isDone = commands[name](world, truth);
  world.findings.count(`command ${name}${isDone ? '' : ' (refused)'}`);
  if (world.drowse !== null) truth.isUncertain = false;
}

const commands = {
  wake: (world, truth) => wake(world, truth, null),
  'wake so many': (world, truth) => wake(world, truth, 1 + world.random.below(5)),
  sleep: (world, truth) => {
    const { clock, drowse } = world;
    const { loweredAtMs } = truth;
    truth.loweredAtMs = clock.monoMs();
    const isDone = drowse?.control.sleep(truth.name, 'sim').ok === true;
    if (isDone) truth.orderedAsleep = true;
    // An earlier order may still be under way: its replicas go when they are vacant.
    else truth.loweredAtMs = loweredAtMs;
    return isDone;
  },
  pin: (world, truth) => {
    const { clock, random, drowse } = world;
    const untilMs = random.chance(0.5) ? null : clock.wallMs() + random.between(1_000, 15_000);
    truth.pinnedUntilMs = untilMs ?? Infinity;
    truth.isPinVague = false;
    truth.mayWake = true;
    return drowse?.control.pin(truth.name, untilMs, 'sim').ok === true;
  },
  unpin: (world, truth) => {
    truth.pinnedUntilMs = -Infinity;
    truth.isPinVague = false;
    return world.drowse?.control.unpin(truth.name, 'sim').ok === true;
  },
} satisfies Record<string, (world: World, truth: AppTruth) => boolean>;

function wake(world: World, truth: AppTruth, replicas: number | null): boolean {
  const nowMs = world.clock.monoMs();
  truth.orderedAwakeAtMs = world.clock.monoMs();
  truth.mayWake = true;
  for (const need of truth.spec.dependsOn) world.truth(need).mayWake = true;
  const before = truth.replicas;
  if (replicas !== null) {
    truth.loweredAtMs = nowMs;
    truth.replicas = replicas;
  }
  const isDone = world.drowse?.control.wake(truth.name, replicas, 'sim').ok === true;
  // Who asks for more than there may be is refused, and has changed nothing.
  if (!isDone) {
    truth.replicas = before;
    return false;
  }
  truth.renewedAtMs = nowMs;
  truth.orderedAsleep = false;
  return true;
}

function edit(world: World, truth: AppTruth): void {
  if (!truth.isConfigured || !mayApply(world)) return;
  const changed = editApp(world.random, truth.spec);
  if (isDeepStrictEqual(changed, truth.spec)) return;
  const phase = world.drowse?.control.get(truth.name)?.phase;
  world.findings.fault(phase === 'waking' ? 'edit in mid-wake' : 'edit', truth.name);
  truth.edit(changed, world.clock.monoMs());
  apply(world, () => {
    truth.loweredAtMs = world.clock.monoMs();
  });
}

/** Nothing that others depend on is removed: the configuration would refuse that. */
function removeOrAdd(world: World, truth: AppTruth): void {
  if (!mayApply(world)) return;
  const isNeeded = world.configured().some(({ dependsOn }) => dependsOn.includes(truth.name));
  if (truth.isConfigured && isNeeded) return;
  if (truth.isConfigured) {
    const isHeld = [...world.visitors].some(
      ({ outcome, options }) => outcome === 'waiting' && options.app === truth.name,
    );
    world.findings.fault(isHeld ? 'app removed while visitors are held' : 'app removed', truth.name);
    truth.forget();
    apply(world, () => undefined);
    // It comes back, soon or late.
    world.clock.after(world.random.between(10, 20_000), () => add(world, truth));
  }
}

function add(world: World, truth: AppTruth): void {
  if (!mayApply(world)) {
    world.clock.after(500, () => add(world, truth));
    return;
  }
  world.findings.fault('app added', truth.name);
  truth.isConfigured = true;
  truth.isUncertain = true;
  truth.edit(truth.spec, world.clock.monoMs());
  apply(world, () => accept(world, truth));
}

function mayApply({ drowse, isApplying }: World): boolean {
  return drowse?.isUp === true && !drowse.isClosing && !isApplying;
}

function apply(world: World, then: () => void): void {
  const { drowse } = world;
  if (drowse === null) return;
  world.editedAtMs = world.clock.monoMs();
  world.isApplying = true;
  void drowse.control.apply(world.configured()).then(() => {
    if (world.drowse !== drowse) return;
    world.isApplying = false;
    world.editedAtMs = world.clock.monoMs();
    then();
  });
}
