import { createHash } from 'node:crypto';
import { createChance, someSize } from './chance.ts';
import type { Chance } from './chance.ts';
import { CutShortError } from './wire.ts';
import type { Wire } from './wire.ts';

export type Role = 'client' | 'server';

/** A conversation that client and server both derive from the seed alone. */
export interface Script {
  readonly turns: readonly { readonly speaker: Role; readonly length: number }[];
  readonly ending: Ending;
  /** What the other side still says after the first half-close. */
  readonly lastWords: number;
}

/** Who ends its direction first; `both`: each without waiting for the other; `reset`: the client aborts after the server's last turn. */
export type Ending = 'client' | 'server' | 'both' | 'reset';

export function writeScript(seed: number): Script {
  const chance = createChance(seed);
  const ending = chance.pick<Ending>(['client', 'server', 'both', 'reset']);
  const turns = Array.from({ length: chance.between(1, 8) }, () => ({
    speaker: chance.pick<Role>(['client', 'server']),
    length: someSize(chance),
  }));
  // An abort may throw away what is still on its way, so everything must have arrived by then.
  if (ending === 'reset') turns.push({ speaker: 'server', length: someSize(chance) });
  return { turns, ending, lastWords: chance.happens(0.5) ? someSize(chance) : 0 };
}

/** Plays one role of the script of `seed` and returns what it saw, line by line. */
export async function play(wire: Wire, role: Role, seed: number): Promise<string[]> {
  const script = writeScript(seed);
  const pace = createChance(seed ^ (role === 'client' ? 0x5eed : 0xfeed));
  const seen: string[] = [];
  try {
    for (const [index, turn] of script.turns.entries()) {
      const text = textOf(seed, index, turn.length);
      if (turn.speaker === role) await wire.send(text, pace);
      else seen.push(`turn ${index}: ${digest(await wire.receive(turn.length))}`);
    }
    await close(wire, role, script, seed, pace, seen);
  } catch (error) {
    if (!(error instanceof CutShortError)) throw error;
    seen.push(`cut short: ${error.message}`);
  }
  return seen;
}

async function close(
  wire: Wire,
  role: Role,
  script: Script,
  seed: number,
  pace: Chance,
  seen: string[],
): Promise<void> {
  if (script.ending === 'reset') {
    if (role === 'client') wire.reset();
    else await wire.receiveToEnd();
    // The server may see the abort as a reset or as an end; both mean that nobody is there any more.
    wire.end();
    return;
  }
  if (script.ending === role || script.ending === 'both') {
    wire.end();
    seen.push(`after my end: ${digest(await wire.receiveToEnd())}`);
    return;
  }
  seen.push(`before your end: ${digest(await wire.receiveToEnd())}`);
  await wire.send(textOf(seed, script.turns.length, script.lastWords), pace);
  wire.end();
}

function textOf(seed: number, index: number, length: number): Buffer {
  return createChance((seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0).bytes(length);
}

function digest(bytes: Buffer): string {
  return `${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex')}`;
}
