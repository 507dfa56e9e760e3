import type { Socket } from 'node:net';
import type { Visitor } from '../core/visitor.ts';
import { AppLeg } from './app-leg.ts';
import { FirstWords } from './first-words.ts';
import { ownSocket, remoteEnd, type SocketOwner } from './http1/client-socket.ts';
import { serveHttp } from './http1/serve.ts';
import { ticksFor } from './http1/sweep.ts';
import { Patience } from './patience.ts';
import { portAddress } from './port-address.ts';
import type { PortContext, PortMember } from './port-context.ts';
import type { Refused } from './refusals.ts';
import { requestWords } from './request-words.ts';
import type { Seat } from './seat.ts';
import type { Slot } from './slot.ts';
import type { DialHost } from './tcp-dial.ts';
import type { Knocker } from './waiter.ts';

/** A first word that is not finished by then is no HTTP request. Also the time that one who was turned away has to say in which protocol. */
const unfinishedMs = 1000;
/** How long a client may be connected to an app that is not asleep, say nothing, and be no use of it. */
const silentTicks = ticksFor(60_000);
const COUNTED = { counts: true } as const;

/**
 * `silent`: in nobody's queue; the client has not said (enough to know) what it wants. `knocking`: the same, held for the wake. `waiting`: held as a use of its own.
 * `granted`: it has a slot, the app is being dialled or was. `gone`: joined with the app, handed over to HTTP, or closed.
 */
type Stage = 'silent' | 'knocking' | 'waiting' | 'granted' | 'gone';

/**
 * One accepted connection, until it is known what becomes of it: HTTP/1.1, or bytes that are joined with the app.
 *
 * When the wake fires:
 * - at the accept, before a byte is read: the connection knocks at the gate (or, under `tcp`, is admitted);
 * - on a port with no-wake rules: once the head of a request was read and matches none, or once the first bytes show that it is no HTTP. There a client that
 *   waits for the server to speak first wakes nothing, and is joined with the app once others have woken it; `protocol: tcp` is for such an app.
 *
 * Once the app serves, a client that stays silent waits for the server, so the app is dialled; whoever speaks first then decides. What this port has learned
 * decides how soon that is, and whether at all: a silent connection to a web server is a browser's reserve, and no use of the app.
 */
export class Connection implements Knocker, SocketOwner, DialHost, PortMember {
  seat: Seat | null = null;
  private readonly socket: Socket;
  private readonly port: PortContext;
  private readonly words: FirstWords;
  private readonly patience: Patience;
  private readonly app = new AppLeg(this);
  private readonly sinceMs: number;
  /** Sweep tick since when it is silent. */
  private sinceTick: number;
  private stage: Stage = 'silent';
  /** Refused while it was not known yet in which protocol to say so. */
  private turnedAway = false;
  /** Given out before a byte was read; gains the words of the request once they are there. */
  private visitor: Visitor | null = null;

  constructor(socket: Socket, port: PortContext) {
    this.socket = socket;
    this.port = port;
    this.sinceMs = port.clock.monoMs();
    this.sinceTick = port.sweeper.tick;
    this.words = new FirstWords(port.protocol);
    this.patience = new Patience(port.clock, () => this.onSilence());
  }

  start(): void {
    const { socket, port } = this;
    if (port.protocol === 'http' && (port.wakesAfterHead || port.gate.awake)) return this.becomeHttp();
    ownSocket(socket, this);
    port.join(this);
    if (this.words.decided) this.wait();
    else if (port.wakesAfterHead) this.awaitWords();
    else {
      this.stage = 'knocking';
      port.gate.knock(this);
    }
  }

  describe(): Visitor {
    this.visitor ??= {
      client: remoteEnd(this.socket),
      protocol: 'tcp',
      port: this.port.name,
      sinceMs: this.sinceMs,
    };
    return this.visitor;
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Whoever has said nothing, and is not held for it either, has nothing to lose. */
  drain(): void {
    if (this.stage === 'silent' && !this.words.some && !this.turnedAway) this.destroy();
  }

  sweep(tick: number): void {
    const age = tick - this.sinceTick;
    if (this.app.isDialling && age > this.port.http.dialTicks) this.dialFailed();
    if (this.stage !== 'silent') return;
    if (age >= silentTicks) this.destroy();
    else this.awaitWords();
  }

  /** The app turned out to speak HTTP: a dial on the chance that it speaks first was for nothing. */
  backToSilence(): void {
    if (!this.words.tellNothing) return;
    if (this.stage === 'granted') this.giveBack();
    else if (this.stage === 'waiting') this.port.gate.handOver(this, nothing);
    else return;
    this.beSilent();
  }

  // The gate.

  /** The app serves: there is nothing to hold it for any more. */
  served(): void {
    this.beSilent();
    if (this.port.protocol === 'http') this.becomeHttp();
    else this.awaitWords();
  }

  granted(slot: Slot): void {
    const { port } = this;
    this.stage = 'granted';
    this.sinceTick = port.sweeper.tick;
    // While the address of the client can still be asked for: `why` may name this use after its end.
    this.describe();
    const address = portAddress(slot.endpoint, port.name);
    this.app.open(slot, address);
    // Waiting does not help: the app has to be restarted to have this port.
    if (address === null) this.destroy();
  }

  /** HTTP will be refused once more, and answer it in its own words. Bytes are closed; whoever is silent has a moment to show which of the two it is. */
  refused(why: Refused): void {
    const silent = this.stage === 'knocking' && why.kind !== 'hold-timeout';
    this.stage = 'silent';
    if (!silent) return this.destroy();
    if (this.port.protocol === 'http') return this.becomeHttp();
    this.turnedAway = true;
    if (this.words.areUnfinished) this.patience.begin(unfinishedMs);
    else this.consider();
  }

  // The client.

  onData(chunk: Buffer): void {
    // Silence is over.
    if (!this.words.some && !this.turnedAway) this.patience.end();
    if (!this.words.bytes.add(chunk)) this.socket.pause();
    this.consider();
  }

  /** What was sent before the FIN is still to be delivered. One who is held and has sent nothing has left; so has one who is silent and may still be HTTP. */
  onEnd(): void {
    this.words.ended = true;
    if (this.words.some || this.stage === 'granted') this.consider();
    else this.destroy();
  }

  onClose(): void {
    const { stage } = this;
    this.leavePort();
    if (stage === 'knocking' || stage === 'waiting') this.port.gate.leave(this);
    if (stage === 'granted') this.giveBack();
  }

  // The app.

  dialled(): void {
    if (!this.words.tellNothing) this.consider();
  }

  dialFailed(): void {
    const slot = this.app.close();
    this.stage = 'waiting';
    if (slot !== null) this.port.gate.redial(this, slot);
  }

  /** The app spoke first, or has closed without a word. Web servers also speak first, to say that they are tired of waiting. */
  serverFirst(bytes: Buffer | null): void {
    if (bytes !== null && !this.words.decided && !this.words.some) {
      if (bytes.toString('latin1', 0, 5) === 'HTTP/') this.port.learnHttpAnswered();
      else this.port.learnServerFirst();
    }
    if (this.stage === 'granted') this.join();
  }

  answered(): void {
    this.port.gate.answered(this);
  }

  /** Both sides of what was joined are closed. */
  closed(): void {
    const slot = this.app.close();
    this.leavePort();
    if (slot !== null) this.port.gate.done(this, slot);
  }

  /** Decides as soon as what the client has sent allows it. */
  private consider(): void {
    const verdict = this.words.verdict(this.port.protocol);
    if (verdict === 'http') return this.becomeHttp();
    if (verdict === 'more') return this.awaitWords();
    this.words.decided = true;
    this.patience.end();
    if (this.turnedAway) return this.destroy();
    if (this.stage === 'silent' || this.stage === 'knocking') this.wait();
    else if (this.app.isConnected) this.join();
  }

  /** While the app is asleep, it has the time of the hold; then silence has a meaning, and half a word is none of HTTP's. */
  private awaitWords(): void {
    if (this.patience.isBeingTried || this.stage === 'knocking' || this.stage === 'waiting') return;
    if (this.words.some) return this.patience.begin(unfinishedMs);
    if (this.stage === 'granted' || !this.port.gate.awake) return;
    const patienceMs = this.port.patienceMs();
    if (patienceMs !== null) this.patience.begin(patienceMs);
  }

  private onSilence(): void {
    if (this.turnedAway) return this.destroy();
    if (this.words.some) {
      // Half a method is no reason to wake an app whose rules ask for the head; and where HTTP is spoken, it is a slow client's.
      if (this.port.wakesAfterHead || this.port.speaksHttp) return this.becomeHttp();
      this.words.decided = true;
      return this.consider();
    }
    if (this.stage === 'silent' && this.port.gate.awake && this.port.patienceMs() !== null) this.wait();
  }

  private beSilent(): void {
    this.stage = 'silent';
    this.sinceTick = this.port.sweeper.tick;
  }

  /** Becomes a use of its own; one that knocked keeps its place. */
  private wait(): void {
    const knocked = this.stage === 'knocking';
    this.stage = 'waiting';
    if (knocked) this.port.gate.settle(this);
    else this.port.gate.admit(this, COUNTED);
  }

  private becomeHttp(): void {
    const { socket, port, stage } = this;
    if (stage === 'granted') this.giveBack();
    this.leavePort();
    port.learnHttpAsked();
    const first = this.words.some ? this.words.bytes.take() : null;
    if (this.visitor !== null && first !== null) Object.assign(this.visitor, requestWords(first));
    const serve = (): void => serveHttp(socket, first, port.http);
    if (stage === 'knocking' || stage === 'waiting') port.gate.handOver(this, serve);
    else serve();
  }

  private join(): void {
    this.patience.end();
    this.stage = 'gone';
    this.app.join(this.socket, this.port.gate.counters, this.words);
  }

  private leavePort(): void {
    this.stage = 'gone';
    this.patience.end();
    this.port.quit(this);
  }

  private giveBack(): void {
    const slot = this.app.close();
    if (slot !== null) this.port.gate.done(this, slot);
  }
}

function nothing(): void {}
