import type { SimDrowse } from './drowse.ts';
import { mark } from './drowse.ts';
import type { World } from './world.ts';

const closeGraceMs = 3_000;
/** The drain time, a stop chain as long as there are apps, the grace of left-overs, and exits that are heard late. */
const longestCloseMs = 60_000;

/** kill -9 between two events, and a start some time later. */
export function killBetweenEvents(world: World): void {
  if (world.drowse === null) return;
  world.findings.fault('killed between two events');
  world.drowse.life.end();
  startLater(world);
}

/** kill -9 just before a write, a spawn or a signal: the ones before it took place. */
export function killBetweenEffects(world: World): void {
  const { drowse, random } = world;
  drowse?.life.endAfterEffects(random.below(12), () => {
    world.findings.fault('killed between two effects');
    for (const truth of world.truths.values()) truth.isUncertain = true;
    startLater(world);
  });
}

/** SIGTERM: everything that was started is stopped. */
export function stopInOrder(world: World): void {
  const { drowse, clock, findings } = world;
  if (drowse === null || !drowse.isUp || drowse.isClosing) return;
  findings.fault('stopped in order');
  void drowse.stop(closeGraceMs).then(() => {
    if (drowse.life.over) return;
    drowse.life.end();
    for (const process of world.host.living) {
      if (process.mark === mark || world.registry.has(process.pid))
        findings.violated('orphan', `${process.app} ${process.pid} runs on, though Drowse stopped in order`);
    }
    startLater(world);
  });
  clock.after(longestCloseMs, () => {
    if (!drowse.life.over) findings.violated('I3', 'Drowse does not come to an end');
  });
}

function startLater(world: World): void {
  const { clock, random, behaviours } = world;
  if (behaviours.calm) return;
  if (random.chance(0.1)) loseDatabase(world);
  const downMs = random.chance(0.5) ? random.between(10, 300) : random.between(300, 8_000);
  if (random.chance(0.35)) clock.after(downMs * random.next(), () => endAndReuse(world));
  clock.after(downMs, () => start(world));
}

function loseDatabase({ disk, truths }: World): void {
  disk.lose();
  for (const truth of truths.values()) truth.isUncertain = true;
}

/** While Drowse is down a process ends, and its number is given to a program that is none of Drowse's. */
function endAndReuse({ host, random, findings, drowse }: World): void {
  const [process] = [...host.living].filter(({ app, behaviour }) => {
    return app !== 'stranger' && behaviour.childOutlivesMs === 0;
  });
  if (process === undefined || drowse !== null) return;
  findings.fault('ended while Drowse was down', process.app);
  host.crash(process);
  if (process.groupAlive || !random.chance(0.7)) return;
  findings.fault('number of a process used again', String(process.pid));
  host.reusePid(process.pid);
}

export function start(world: World): SimDrowse | null {
  if (world.drowse !== null) return world.drowse;
  if ([...world.host.living].some((process) => process.mark === mark))
    world.findings.fault('restart with left-overs');
  world.boot();
  return world.drowse;
}
