import type { Socket } from 'node:net';
import type { NoWakeAnswer } from '../../core/app.ts';
import type { AdmitOptions } from '../admission.ts';
import type { Refused } from '../refusals.ts';
import { type LocalAnswer, noWakeAnswer, refusalAnswer } from './answers.ts';
import { remoteAddress } from './client-socket.ts';
import type { HttpContext } from './context.ts';
import type { Head } from './head.ts';
import { isNavigation, refusalPage, waitingPage } from './waiting-page.ts';

const COUNTED: AdmitOptions = { counts: true };
const NOT_COUNTED: AdmitOptions = { counts: false };
/** What the gate answers to a use that must not wake the app. */
const NOT_AWAKE = 'not-awake';

/** What a request means for an app that is not awake, and what its client is told then. One object per connection, read anew for each request. */
export class WakeTerms {
  private readonly context: HttpContext;
  /** The answer, if this request must not wake the app. */
  private noWake: NoWakeAnswer | null = null;
  /** A person waits for a page. */
  private navigation = false;

  constructor(context: HttpContext) {
    this.context = context;
  }

  read(bytes: Buffer, head: Head, socket: Socket): void {
    const { noWake: rules, waitingPage: hasPage } = this.context;
    this.noWake = rules.empty ? null : rules.match(bytes, head, remoteAddress(socket));
    this.navigation = hasPage && this.noWake === null && isNavigation(bytes, head);
  }

  get admission(): AdmitOptions {
    return this.noWake === null ? COUNTED : NOT_COUNTED;
  }

  /** The answer to one that is not even to knock at the gate. */
  withoutAsking(): LocalAnswer | null {
    return this.noWake === null || this.context.isAwake() ? null : this.answerNoWake(this.noWake);
  }

  /** The answer to one that has delivered its demand: the page itself asks again until the app answers, so nobody has to be held. */
  whileHeld(): LocalAnswer | null {
    return this.navigation && !this.context.isAwake() ? waitingPage(this.context.appName) : null;
  }

  refused(why: Refused): LocalAnswer {
    if (this.noWake !== null && why.code === NOT_AWAKE) return this.answerNoWake(this.noWake);
    const { appName } = this.context;
    return this.navigation ? refusalPage(appName, why) : refusalAnswer(appName, why);
  }

  private answerNoWake(answer: NoWakeAnswer): LocalAnswer {
    this.context.admission.counters.noWake += 1;
    return noWakeAnswer(answer, this.context.stateName());
  }
}
