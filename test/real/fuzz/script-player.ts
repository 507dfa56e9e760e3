import { playTcp } from './tcp-client.ts';
import type { Way } from './sessions.ts';

/** Where a script server can be reached: behind what is tested, and directly. */
export interface ScriptPorts {
  readonly through: { readonly quiet: number; readonly greeting: number };
  readonly direct: { readonly quiet: number; readonly greeting: number };
  /** Where the server tells what it saw of a session. */
  readonly control: number;
}

/** Plays TCP sessions, every second one on the port where the server speaks first, and returns what both sides saw. */
export function createScriptPlayer(ports: ScriptPorts): (seed: number, way: Way) => Promise<Buffer> {
  let sessions = 0;
  return async (seed, way) => {
    sessions += 1;
    const number = sessions;
    const greets = seed % 2 === 0;
    const port = ports[way][greets ? 'greeting' : 'quiet'];
    const client = await playTcp({ seed, number, greets, port });
    const answer = await fetch(`http://127.0.0.1:${ports.control}/${number}`);
    return Buffer.from(JSON.stringify({ client, server: await answer.json() }, null, 1));
  };
}
