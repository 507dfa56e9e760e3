import type { Slot } from '../slot.ts';
import type { Sweep, Swept } from './sweep.ts';
import type { PooledConnection, UpstreamHome } from './pooled-connection.ts';

/** Idle connections kept for one endpoint at most. */
const MAX_IDLE = 256;
/**
 * A request that may not be sent twice uses only a connection that was busy within this sweep period: servers close idle ones after seconds (2 and 5 are usual
 * defaults), and if the two cross, the request is lost with a 502.
 */
const FRESH_TICKS = 0;

/** Idle connections to one port of one endpoint, the one used last on top. */
export class UpstreamPool<Connection extends PooledConnection> implements Swept, UpstreamHome {
  private readonly idle: Connection[] = [];
  /** Known to the sweep. It notices by itself when nothing idle is left, so that taking the last one costs nothing. */
  private filled = false;
  readonly slot: Slot;
  private readonly owner: PoolSet<Connection>;

  constructor(slot: Slot, owner: PoolSet<Connection>) {
    this.slot = slot;
    this.owner = owner;
  }

  /** An idle connection, or `null`. */
  take(mayResend: boolean): Connection | null {
    const { idle } = this;
    while (idle.length > 0) {
      const top = idle[idle.length - 1]!;
      if (!mayResend && this.owner.sweep.tick - top.idleSince > FRESH_TICKS) return null;
      idle.pop();
      top.home = null;
      if (top.usable) return top;
      top.discard();
    }
    return null;
  }

  /** Keeps a connection whose exchange has ended cleanly, or closes it. */
  put(upstream: Connection): void {
    if (!this.slot.live || this.idle.length >= MAX_IDLE) {
      upstream.discard();
      return;
    }
    upstream.user = null;
    upstream.home = this;
    upstream.reused = true;
    upstream.idleSince = this.owner.sweep.tick;
    this.idle.push(upstream);
    if (this.filled) return;
    this.filled = true;
    this.owner.fill(this);
  }

  forget(connection: PooledConnection): void {
    const at = this.idle.findIndex((one) => one === connection);
    if (at !== -1) this.idle.splice(at, 1);
  }

  sweep(tick: number): void {
    // The oldest lie at the bottom.
    while (this.idle.length > 0 && tick - this.idle[0]!.idleSince > this.owner.idleTicks) {
      this.idle[0]!.discard();
    }
    if (this.idle.length === 0) this.leave();
  }

  readonly close = (): void => {
    for (const upstream of this.idle.splice(0)) upstream.discard();
    this.leave();
  };

  private leave(): void {
    this.filled = false;
    this.owner.empty(this);
  }
}

/** The pools of one port: one for each endpoint, emptied when the endpoint leaves the route. */
export class PoolSet<Connection extends PooledConnection> {
  idleTicks = 0;
  readonly sweep: Sweep;
  private readonly pools = new WeakMap<Slot, UpstreamPool<Connection>>();
  /** Those that have, or had a moment ago, an idle connection. */
  private readonly filled = new Set<UpstreamPool<Connection>>();
  private lastSlot: Slot | null = null;
  private lastPool: UpstreamPool<Connection> | null = null;

  constructor(sweep: Sweep) {
    this.sweep = sweep;
  }

  of(slot: Slot): UpstreamPool<Connection> {
    if (slot === this.lastSlot) return this.lastPool!;
    const pool = this.pools.get(slot) ?? this.open(slot);
    this.lastSlot = slot;
    this.lastPool = pool;
    return pool;
  }

  fill(pool: UpstreamPool<Connection>): void {
    this.filled.add(pool);
    // Only for as long as there is something to close: a slot outlives the ports that are configured anew.
    pool.slot.onRetired.add(pool.close);
    this.sweep.add(pool);
  }

  empty(pool: UpstreamPool<Connection>): void {
    this.filled.delete(pool);
    pool.slot.onRetired.delete(pool.close);
    this.sweep.remove(pool);
    if (pool !== this.lastPool) return;
    // So that a slot that is gone is not remembered for ever.
    this.lastSlot = null;
    this.lastPool = null;
  }

  closeAll(): void {
    for (const pool of this.filled) pool.close();
  }

  private open(slot: Slot): UpstreamPool<Connection> {
    const pool = new UpstreamPool<Connection>(slot, this);
    this.pools.set(slot, pool);
    return pool;
  }
}
