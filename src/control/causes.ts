import type { Phase } from '../core/handover/types.ts';
import type { Reason } from '../core/policy/types.ts';
import type { Visitor } from '../core/visitor.ts';
import type { Cause, WokenBy } from './status.ts';

/** One line for the journal and for whoever reads along: why the app came to this phase. */
export function describeCause(cause: Cause, to: Phase): string {
  switch (cause.kind) {
    case 'request':
      return `a visitor: ${describeVisitor(cause.visitor)}`;
    case 'operator':
      return `${cause.command} by ${cause.by}`;
    case 'policy':
      return policyCause(cause.reason) === 'adopted' ? upBefore : cause.because;
    case 'dependent':
      return `needed by ${cause.app}`;
    case 'dependency':
      return 'what it depends on serves again';
    case 'failure':
      return cause.failure.message;
    case 'platform':
      return platformWords[to] ?? 'its replicas changed';
    case 'quiet':
      return 'the last use in flight ended';
    case 'configuration':
      return 'the configuration';
    default:
      return 'the next step was due';
  }
}

export function describeVisitor({ client, port, method, path, userAgent }: Visitor): string {
  const request = method === undefined ? `connection to port ${port}` : `${method} ${path ?? ''}`.trimEnd();
  return `${client}, ${request}${userAgent === undefined ? '' : `, ${userAgent}`}`;
}

/** Drowse takes up again what it was about when it ended, however it ended. */
const upBefore = 'it was up, or to come up, when Drowse last ended';

const platformWords: Readonly<Partial<Record<Phase, string>>> = {
  'handing-over': 'it is ready',
  awake: 'it is ready',
  asleep: 'it has ended',
};

/** Who is to be named for it that an app comes up; `null` where this cause only continues what another began. */
export function wokenBy(from: Phase, cause: Cause, atWallMs: number): WokenBy | null {
  const woken = (
    why: WokenBy['cause'],
    by: string | null = null,
    visitor: Visitor | null = null,
  ): WokenBy => ({
    atWallMs,
    cause: why,
    by,
    visitor,
  });
  switch (cause.kind) {
    case 'request':
      return woken('request', null, cause.visitor);
    case 'operator':
      return woken('operator', cause.by);
    case 'policy':
      return woken(policyCause(cause.reason), cause.by);
    case 'dependent':
      return woken('dependent', cause.app);
    case 'configuration':
      return woken('configuration');
    case 'platform':
      return from === 'asleep' ? woken('adopted') : null;
    default:
      return null;
  }
}

/** A policy raises its wish by itself at an edge of its schedule, at the start of Drowse (to what was before), or for what its configuration says. */
function policyCause(reason: Reason['code'] | null): WokenBy['cause'] {
  switch (reason) {
    case 'min-replicas':
    case 'never-sleeps':
      return 'configuration';
    case 'dependents':
      return 'dependent';
    // What an operator says is carried out at once, and is then its cause: here it is of before.
    case 'pinned':
    case 'operator':
    case 'recent-use':
    case 'in-flight':
    case 'held':
    case 'unknown-use':
      return 'adopted';
    default:
      return 'schedule';
  }
}
