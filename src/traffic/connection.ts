import { connect, type Socket } from 'node:net';
import type { Visitor } from '../core/visitor.ts';
import type { Timer } from '../ports/clock.ts';
import { HeldBytes } from './held-bytes.ts';
import { serveHttp } from './http1/serve.ts';
import type { PortContext } from './port-context.ts';
import type { Seat } from './seat.ts';
import { requestWords } from './request-words.ts';
import { sniff } from './sniff.ts';
import { splice } from './splice.ts';
import type { Knocker, Refused, Slot } from './waiter.ts';

/** A client that speaks first does so together with its connect; one that is silent this long waits for the server to speak. */
const silenceMs = 10;
/** A first word that is not finished by then is no HTTP request. */
const unfinishedMs = 1_000;

/**
 * `sniffing`: not known yet what it carries. `waiting`: a TCP connection that waits for its turn. `dialling`, `spliced`: it has a slot. `handed over`: HTTP has it. `gone`: closed, or left.
 */
type Stage = 'sniffing' | 'waiting' | 'dialling' | 'spliced' | 'handed over' | 'gone';

/**
 * One accepted connection, until it is known to be HTTP/1.1 or, as TCP, to its end. When the wake fires: at the accept (the connection knocks at the gate before a byte is read),
 * unless the port has no-wake rules; then HTTP asks the gate itself, once it has read the head.
 */
export class Connection implements Knocker {
  seat: Seat | null = null;
  private readonly socket: Socket;
  private readonly port: PortContext;
  private readonly bytes = new HeldBytes();
  private readonly sinceMs: number;
  private stage: Stage = 'sniffing';
  private knocking = false;
  /** The client has sent its FIN. */
  private ended = false;
  /** Refused while it was not known yet in which protocol to say so. */
  private turnedAway = false;
  private slot: Slot | null = null;
  private upstream: Socket | null = null;
  private timer: Timer | null = null;
  /** Given out before a byte was read; gains the words of the request once they are there. */
  private visitor: Visitor | null = null;

  constructor(socket: Socket, port: PortContext) {
    this.socket = socket;
    this.port = port;
    this.sinceMs = port.clock.monoMs();
  }

  start(): void {
    const { socket, port } = this;
    port.join(this);
    socket.on('error', this.onError);
    socket.on('close', this.onClose);
    if (port.protocol === 'http' && (port.wakesAfterHead || port.gate.awake)) return this.becomeHttp();
    socket.on('data', this.onData);
    socket.on('end', this.onEnd);
    if (port.protocol === 'tcp') return this.becomeTcp();
    this.knocking = true;
    port.gate.knock(this);
  }

  /** The app serves: there is nothing to hold it for any more. */
  served(): void {
    this.knocking = false;
    if (this.port.protocol === 'http') return this.becomeHttp();
    this.decide();
  }

  granted(slot: Slot): void {
    this.slot = slot;
    this.stage = 'dialling';
    this.dial(slot);
  }

  refused(_why: Refused): void {
    this.knocking = false;
    if (this.stage !== 'sniffing') return this.destroy();
    // HTTP will be refused once more, and say so in its own words; bytes are closed.
    this.turnedAway = true;
    this.decide();
  }

  describe(): Visitor {
    const { remoteAddress = 'unknown', remotePort = 0 } = this.socket;
    const client = `${remoteAddress}:${remotePort}`;
    const visitor = this.visitor ?? { client, protocol: 'tcp', port: this.port.name, sinceMs: this.sinceMs };
    this.visitor = visitor;
    return visitor;
  }

  destroy(): void {
    this.socket.destroy();
  }

  private readonly onData = (chunk: Buffer): void => {
    if (!this.bytes.add(chunk)) this.socket.pause();
    if (this.stage === 'sniffing') this.decide();
    else if (this.stage === 'dialling') this.reconsider();
  };

  /** FIN: what was sent before it is still to be delivered; with nothing sent, nobody is there. */
  private readonly onEnd = (): void => {
    this.ended = true;
    if (this.bytes.length === 0) return this.destroy();
    if (this.stage === 'sniffing') this.decide();
  };

  private readonly onError = (): void => {
    this.destroy();
  };

  private readonly onClose = (): void => {
    const before = this.stage;
    this.stage = 'gone';
    this.timer?.cancel();
    this.port.quit(this);
    if (before === 'sniffing' || before === 'waiting') this.port.gate.leave(this);
    if (before === 'dialling') this.abandonDial();
  };

  private decide(): void {
    const { port } = this;
    const verdict = port.protocol === 'http' ? 'http' : sniff(this.bytes.peek());
    if (verdict === 'more') return this.waitForMore();
    if (verdict === 'http' && this.bytes.length > 0) return this.becomeHttp();
    if (this.turnedAway) return this.destroy();
    if (verdict === 'tcp') return this.becomeTcp();
  }

  /** While it is held it has time; otherwise silence means that the server speaks first. */
  private waitForMore(): void {
    if (this.ended) return this.turnedAway ? this.destroy() : this.becomeTcp();
    if (this.knocking || this.timer !== null) return;
    const { port } = this;
    if (this.bytes.length === 0 && port.speaksHttp && !this.turnedAway) return;
    const delayMs =
      this.bytes.length > 0 || this.turnedAway ? unfinishedMs : port.serverSpeaksFirst ? 0 : silenceMs;
    this.timer = port.clock.after(delayMs, this.onSilence);
  }

  private readonly onSilence = (): void => {
    this.timer = null;
    if (this.stage !== 'sniffing') return;
    if (this.turnedAway) return this.destroy();
    this.becomeTcp();
  };

  private becomeHttp(): void {
    const { socket, port } = this;
    this.timer?.cancel();
    this.stage = 'handed over';
    port.speaksHttp = true;
    socket
      .removeListener('data', this.onData)
      .removeListener('end', this.onEnd)
      .removeListener('error', this.onError);
    socket.removeListener('close', this.onClose);
    port.quit(this);
    const first = this.bytes.length > 0 ? this.bytes.take() : null;
    if (this.visitor !== null && first !== null) Object.assign(this.visitor, requestWords(first));
    const serve = (): void => {
      serveHttp(socket, first, port.http);
      if (this.ended) socket.emit('end');
    };
    if (this.knocking) port.gate.handOver(this, serve);
    else serve();
    this.knocking = false;
  }

  private becomeTcp(): void {
    this.timer?.cancel();
    this.stage = 'waiting';
    if (this.knocking) this.port.gate.settle(this);
    else this.port.gate.admit(this, { counts: true });
    this.knocking = false;
  }

  private dial(slot: Slot): void {
    const address = slot.endpoint.addresses[this.port.index];
    if (address === undefined) return this.dialFailed();
    const upstream = connect({ host: address.host, port: address.port, noDelay: true, allowHalfOpen: true });
    this.upstream = upstream;
    upstream.once('connect', () => this.connected(upstream, slot));
    upstream.once('error', this.dialFailed);
  }

  /** Nothing has been sent, so it may be sent elsewhere or later. */
  private readonly dialFailed = (): void => {
    const { slot } = this;
    this.upstream = null;
    if (this.stage !== 'dialling' || slot === null) return;
    this.stage = 'waiting';
    this.slot = null;
    this.port.gate.redial(this, slot);
  };

  /** Dialled because the client was silent; now it speaks. If that is HTTP, its requests are counted one by one instead. */
  private reconsider(): void {
    if (this.port.protocol !== 'auto' || this.bytes.length === 0 || sniff(this.bytes.peek()) !== 'http')
      return;
    this.abandonDial();
    this.becomeHttp();
  }

  private abandonDial(): void {
    const { slot, upstream } = this;
    this.slot = null;
    this.upstream = null;
    upstream?.removeListener('error', this.dialFailed).on('error', ignore).destroy();
    if (slot !== null) this.port.gate.done(this, slot);
  }

  private connected(upstream: Socket, slot: Slot): void {
    if (this.upstream !== upstream) return;
    upstream.removeListener('error', this.dialFailed);
    if (this.bytes.length > 0 || this.ended || this.port.protocol === 'tcp')
      return this.spliceWith(upstream, slot);
    // Still nobody has spoken: whoever does first decides.
    upstream
      .once('readable', this.onServerFirst)
      .on('error', this.onUpstreamLost)
      .once('close', this.onUpstreamLost);
    this.timer = null;
  }

  private readonly onServerFirst = (): void => {
    const { upstream, slot } = this;
    if (this.stage !== 'dialling' || upstream === null || slot === null) return;
    this.port.serverSpeaksFirst = true;
    upstream.removeListener('error', this.onUpstreamLost).removeListener('close', this.onUpstreamLost);
    this.spliceWith(upstream, slot);
  };

  private readonly onUpstreamLost = (): void => {
    if (this.stage === 'dialling') this.destroy();
  };

  private spliceWith(upstream: Socket, slot: Slot): void {
    const { socket, port } = this;
    this.stage = 'spliced';
    upstream.removeListener('readable', this.onServerFirst);
    socket
      .removeListener('data', this.onData)
      .removeListener('end', this.onEnd)
      .removeListener('error', this.onError);
    const kept = this.bytes.take();
    port.gate.counters.bytesIn += kept.length;
    if (kept.length > 0) upstream.write(kept);
    if (this.ended) upstream.end();
    splice(socket, upstream, port.gate.counters, {
      answered: () => port.gate.answered(this),
      ended: () => port.gate.done(this, slot),
    });
  }
}

function ignore(): void {
  // The dial was given up; how it ends is of no interest.
}
