import type { Address } from '../../core/app.ts';
import { AppSocket } from './app-socket.ts';
import type { PooledConnection, UpstreamHome } from './pooled-connection.ts';
import type { Dialler, UpstreamUser } from './upstream-user.ts';

const EMPTY = Buffer.alloc(0);
/** As much as the kernel hands over at once; only the pages that answers really fill become resident. */
const READ_BUFFER_BYTES = 64 * 1024;

/**
 * One connection to an app. It reads into one buffer of its own again and again, which saves an allocation per read; the price is that the buffer must not
 * be read into while a partial write still refers to it, which is why users pause it until flushed.
 */
export class Upstream implements PooledConnection {
  user: UpstreamUser | null = null;
  home: UpstreamHome | null = null;
  reused = false;
  idleSince = 0;
  connected = false;
  private dialler: Dialler | null = null;
  private dead = false;
  private paused = false;
  private readonly socket: AppSocket;
  private readonly flushed = (): void => this.user?.upstreamFlushed();

  private constructor(socket: AppSocket) {
    this.socket = socket;
    socket.on('connect', () => this.onConnect());
    socket.on('end', () => this.onEnd());
    socket.on('close', (failed: boolean) => this.onClose(failed));
    // The reason is of no use: 'close' follows and says that it failed.
    socket.on('error', ignore);
  }

  static dial(address: Address, dialler: Dialler): Upstream {
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    // Called by the socket only after it exists, hence after `upstream` does.
    const onBytes = (length: number): boolean => upstream.onBytes(buffer, length);
    const socket = new AppSocket({ allowHalfOpen: true, onread: { buffer, callback: onBytes } });
    socket.setNoDelay(true);
    socket.connect({ host: address.host, port: address.port });
    const upstream = new Upstream(socket);
    upstream.user = dialler;
    upstream.dialler = dialler;
    return upstream;
  }

  /** Something written is still on its way to the kernel. */
  get unsent(): boolean {
    return this.socket.writableLength !== 0;
  }

  get usable(): boolean {
    return !this.dead && this.socket.writable && this.socket.broken === null;
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Calls `upstreamFlushed` once all that was written has left. `drain` would not do: it is silent below the high-water mark. */
  notifyFlushed(): void {
    this.socket.write(EMPTY, this.flushed);
  }

  pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.socket.resume();
  }

  /** Half-close: the app learns that the client will send no more. */
  end(): void {
    this.socket.end();
  }

  /** The client was cut off, and so is the app: it must not take a cut for an end. */
  reset(): void {
    this.user = null;
    this.dialler = null;
    this.dead = true;
    this.socket.resetAndDestroy();
  }

  discard(): void {
    this.user = null;
    this.dialler = null;
    this.dead = true;
    this.home?.forget(this);
    this.socket.destroy();
  }

  private onConnect(): void {
    const { dialler } = this;
    this.connected = true;
    this.dialler = null;
    dialler?.dialled();
  }

  private onBytes(bytes: Buffer, length: number): boolean {
    // Nobody asked: whatever this connection says from now on cannot be trusted to answer the next request.
    if (this.user === null) this.discard();
    else this.user.received(bytes, 0, length);
    return !this.paused;
  }

  private onEnd(): void {
    const { broken } = this.socket;
    if (this.user === null) this.discard();
    else if (broken !== null) this.socket.destroy(broken);
    else this.user.upstreamEnded();
  }

  private onClose(failed: boolean): void {
    const { user, dialler } = this;
    this.discard();
    if (this.connected) user?.upstreamClosed(failed);
    else dialler?.dialFailed();
  }
}

function ignore(): void {}
