import type { NoWakeRule } from '../../core/app.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Admission } from '../admission.ts';
import { latin1 } from './head.ts';
import { defaultHttpLimits, type HttpLimits } from './limits.ts';
import { NoWakeMatcher } from './no-wake.ts';
import { PoolSet } from './pool.ts';
import type { Sweep, Swept } from './sweep.ts';
import { ticksFor } from './sweep.ts';
import type { Upstream } from './upstream.ts';

/** The part of an app's configuration that may change while connections are open. */
export interface HttpSettings {
  readonly noWake: readonly NoWakeRule[];
  /** Whether browser navigations get a page that wakes the app instead of being held. */
  readonly waitingPage: boolean;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpContextOptions extends HttpSettings {
  readonly admission: Admission;
  readonly appName: string;
  /** By this name an endpoint knows the port. */
  readonly portName: string;
  readonly clock: Clock;
  /** One for all apps of the process. */
  readonly sweep: Sweep;
  /** Whether the route forwards to an endpoint now. */
  isAwake(): boolean;
  /** The state in the words of `Drowse-State`. */
  stateName(): string;
  /** What X-Forwarded-Proto says. */
  readonly forwardedProto: 'http' | 'https';
}

/** A client connection, as its port sees it. */
export interface Member extends Swept {
  /** Answer what is in progress, then close. */
  drain(): void;
  destroy(): void;
}

/** What every HTTP connection of one port of one app shares. */
export class HttpContext implements Swept {
  readonly admission: Admission;
  readonly appName: string;
  readonly portName: string;
  readonly clock: Clock;
  readonly sweeper: Sweep;
  readonly isAwake: () => boolean;
  readonly stateName: () => string;
  readonly forwardedProto: Uint8Array;
  readonly pools: PoolSet<Upstream>;
  noWake: NoWakeMatcher;
  waitingPage: boolean;
  maxHeadBytes = 0;
  headTicks = 0;
  idleTicks = 0;
  lingerTicks = 0;
  bodyIdleTicks = 0;
  dialTicks = 0;
  draining = false;
  private readonly members = new Set<Member>();

  constructor(options: HttpContextOptions) {
    this.admission = options.admission;
    this.appName = options.appName;
    this.portName = options.portName;
    this.clock = options.clock;
    this.sweeper = options.sweep;
    this.isAwake = () => options.isAwake();
    this.stateName = () => options.stateName();
    this.forwardedProto = latin1(options.forwardedProto);
    this.pools = new PoolSet<Upstream>(options.sweep);
    this.noWake = new NoWakeMatcher(options.noWake);
    this.waitingPage = options.waitingPage;
    this.applyLimits({ ...defaultHttpLimits, ...options.limits });
  }

  /** Takes effect for the next request of every connection, open ones too. */
  configure(settings: HttpSettings): void {
    this.noWake = new NoWakeMatcher(settings.noWake);
    this.waitingPage = settings.waitingPage;
    this.applyLimits({ ...defaultHttpLimits, ...settings.limits });
  }

  /** Idle connections close now, the others after what they carry. New ones are still served, one request each. */
  drain(): void {
    this.draining = true;
    for (const member of this.members) member.drain();
  }

  /** Cuts every connection that is left. */
  destroy(): void {
    for (const member of this.members) member.destroy();
    this.pools.closeAll();
  }

  join(member: Member): void {
    if (this.members.size === 0) this.sweeper.add(this);
    this.members.add(member);
  }

  quit(member: Member): void {
    if (this.members.delete(member) && this.members.size === 0) this.sweeper.remove(this);
  }

  sweep(tick: number): void {
    for (const member of this.members) member.sweep(tick);
  }

  private applyLimits(limits: HttpLimits): void {
    this.maxHeadBytes = limits.maxHeadBytes;
    this.headTicks = ticksFor(limits.headTimeoutMs);
    this.idleTicks = ticksFor(limits.idleTimeoutMs);
    this.lingerTicks = ticksFor(limits.lingerMs);
    this.bodyIdleTicks = ticksFor(limits.bodyIdleTimeoutMs);
    this.dialTicks = ticksFor(limits.dialTimeoutMs);
    this.pools.idleTicks = ticksFor(limits.poolIdleMs);
  }
}
