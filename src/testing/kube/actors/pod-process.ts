import type { ContainerStatus, Pod } from '../../../platforms/kubernetes/client/resources.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import type { BehaviourOf, PodBehaviour } from './pod-behaviour.ts';

/** Of a container that ends again and again, and of an image that cannot be pulled: doubled from the first on. */
const firstBackOffMs = 10_000;
const longestBackOffMs = 300_000;
const defaultGraceSeconds = 30;

export type ContainerState = NonNullable<ContainerStatus['state']>;

export interface PodProcessOptions {
  readonly pod: Pod;
  readonly clock: Clock;
  readonly behaviourOf: BehaviourOf;
  /** Something changed that the API server should know. */
  readonly changed: () => void;
}

/** The containers of one pod on its node: they start, become ready, crash, start again, and end within their grace. They do all this together. */
export class PodProcess {
  private readonly options: PodProcessOptions;
  private behaviour: PodBehaviour;
  private timer: Timer | null = null;
  private failures = 0;
  private isStopping = false;
  state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  restarts = 0;
  isReady = false;
  /** Takes connections. */
  isListening = false;
  hasSandbox = false;

  constructor(options: PodProcessOptions) {
    this.options = options;
    this.behaviour = options.behaviourOf(options.pod);
    this.later(this.behaviour.startMs, () => this.created());
  }

  get hasEnded(): boolean {
    return this.isStopping && this.state.terminated !== undefined;
  }

  /** SIGTERM; then, at the end of the grace, SIGKILL. */
  stop(graceSeconds: number | undefined): void {
    if (this.isStopping) return;
    this.isStopping = true;
    if (this.state.running === undefined) return this.ended(0, 'Completed');
    const graceMs =
      (graceSeconds ?? this.options.pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds) * 1_000;
    const { exitMs, servesOn } = this.behaviour;
    if (!servesOn) this.isListening = false;
    this.later(Math.min(exitMs, graceMs), () =>
      exitMs <= graceMs ? this.ended(0, 'Completed') : this.ended(137, 'Error'),
    );
  }

  /** The machine under it is gone. */
  kill(): void {
    this.timer?.cancel();
    this.isListening = false;
  }

  private created(): void {
    this.hasSandbox = true;
    if (!this.behaviour.hasImage) return this.pullFailed();
    this.state = { running: { startedAt: new Date(this.options.clock.wallMs()).toISOString() } };
    this.options.changed();
    this.later(this.behaviour.listenMs, () => this.listening());
  }

  private pullFailed(): void {
    this.failures += 1;
    this.wait('ErrImagePull', 'the image cannot be pulled');
    this.later(this.behaviour.startMs, () => {
      this.wait('ImagePullBackOff', 'Back-off pulling image');
      this.later(backOffMs(this.failures), () => this.again());
    });
  }

  private listening(): void {
    this.isListening = true;
    const { readyMs, crashAfterMs } = this.behaviour;
    if (crashAfterMs !== null && crashAfterMs <= readyMs)
      return this.later(crashAfterMs, () => this.crashed());
    this.later(readyMs, () => {
      this.isReady = true;
      this.options.changed();
      if (crashAfterMs !== null) this.later(crashAfterMs - readyMs, () => this.crashed());
    });
  }

  private crashed(): void {
    this.failures += 1;
    this.down({ terminated: { reason: 'Error', exitCode: 1 } });
    // The first restart is at once.
    if (this.failures === 1) return this.later(0, () => this.restart());
    this.wait('CrashLoopBackOff', 'back-off restarting failed container');
    this.later(backOffMs(this.failures - 1), () => this.restart());
  }

  private restart(): void {
    this.restarts += 1;
    this.again();
  }

  private again(): void {
    this.behaviour = this.options.behaviourOf(this.options.pod);
    this.created();
  }

  private wait(reason: string, message: string): void {
    this.down({ waiting: { reason, message } });
  }

  private ended(exitCode: number, reason: string): void {
    this.timer?.cancel();
    this.down({ terminated: { reason, exitCode } });
  }

  private down(state: ContainerState): void {
    this.state = state;
    this.isReady = false;
    this.isListening = false;
    this.options.changed();
  }

  private later(afterMs: number, then: () => void): void {
    this.timer?.cancel();
    this.timer = this.options.clock.after(afterMs, then);
  }
}

const backOffMs = (failures: number): number =>
  Math.min(firstBackOffMs * 2 ** (failures - 1), longestBackOffMs);
