import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import { asKubeError } from '../client/errors.ts';
import { initial, step } from './barrier.ts';
import type { CanaryNet } from './canary-net.ts';
import type { BarrierConfig, BarrierEffect, BarrierEvent, BarrierState } from './types.ts';

export interface NodeBarrierDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly net: CanaryNet;
  readonly config: BarrierConfig;
  /** Leads the canary's Service to this port of ours. Resolves when that is stored. */
  readonly move: (port: number) => Promise<void>;
  /** Where a node answers for the canary's Service; `null` while that is not known. */
  readonly doorOf: (node: string) => { readonly host: string; readonly port: number } | null;
}

/** Gently at first sight, and soon: kube-proxy follows within a second as a rule. */
const probeEveryMs = 50;
const dialTimeoutMs = 1_000;

/** Asks the nodes of a cluster what they have applied: see `types.ts`. One for all apps. */
export class NodeBarrier {
  readonly #deps: NodeBarrierDeps;
  readonly #waiting = new Map<number, (unseen: readonly string[]) => void>();
  readonly #places = new Map<number, Promise<number>>();
  readonly #probing = new Set<string>();
  #wanted: ReadonlySet<string> = new Set();
  #state: BarrierState = initial;
  #asked = 0;
  #timer: Timer | null = null;
  #stopped = false;

  constructor(deps: NodeBarrierDeps) {
    this.#deps = deps;
  }

  /** Resolves to the nodes that have not, in bounded time, applied everything that was stored before the call. */
  async pass(): Promise<readonly string[]> {
    const id = (this.#asked += 1);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#take({ type: 'ask', id });
    });
  }

  /** All nodes that may send anything to anybody. */
  nodes(names: readonly string[]): void {
    this.#take({ type: 'nodes', names });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#wanted = new Set();
    this.#deps.net.stop();
  }

  #take(event: BarrierEvent): void {
    const { state, effects } = step(this.#deps.config, this.#state, event, this.#deps.clock.monoMs());
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    this.#arm();
  }

  #carryOut(effect: BarrierEffect): void {
    if (effect.type === 'move') void this.#move(effect.generation);
    else if (effect.type === 'probe') this.#probe(effect.nodes);
    else this.#passed(effect);
  }

  #arm(): void {
    this.#timer?.cancel();
    const { clock } = this.#deps;
    const { deadlineMs } = this.#state;
    if (deadlineMs === null || this.#stopped) return;
    this.#timer = clock.after(Math.max(0, deadlineMs - clock.monoMs()), () => this.#take({ type: 'tick' }));
  }

  #passed({ id, unseen }: Extract<BarrierEffect, { type: 'passed' }>): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(unseen);
  }

  async #move(generation: number): Promise<void> {
    const { net, move, logger } = this.#deps;
    try {
      const place = this.#places.get(generation) ?? net.open(generation);
      this.#places.set(generation, place);
      await move(await place);
    } catch (error) {
      this.#places.delete(generation);
      logger.warn({ error: asKubeError(error), generation }, 'the nodes cannot be asked for now');
      return;
    }
    this.#take({ type: 'stored', generation });
  }

  #probe(nodes: readonly string[]): void {
    this.#wanted = new Set(this.#stopped ? [] : nodes);
    for (const node of this.#wanted) if (!this.#probing.has(node)) void this.#probeNode(node);
    if (nodes.length === 0) this.#closeOld();
  }

  async #probeNode(node: string): Promise<void> {
    const { clock, net, doorOf } = this.#deps;
    this.#probing.add(node);
    while (this.#wanted.has(node)) {
      const door = doorOf(node);
      const generation = door === null ? null : await net.dial(door.host, door.port, dialTimeoutMs);
      if (generation !== null) this.#take({ type: 'led', node, generation });
      if (this.#wanted.has(node))
        await new Promise<void>((resolve) => void clock.after(probeEveryMs, resolve));
    }
    this.#probing.delete(node);
  }

  /** No node leads to a place before the oldest to which one has led last. */
  #closeOld(): void {
    const oldest = Math.min(this.#state.stored, ...this.#state.nodes.values());
    this.#deps.net.closeBefore(oldest);
    for (const generation of this.#places.keys()) if (generation < oldest) this.#places.delete(generation);
  }
}
