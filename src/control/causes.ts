import type { Phase } from '../core/handover/types.ts';
import type { Reason } from '../core/policy/types.ts';
import type { Visitor } from '../core/visitor.ts';
import type { Cause, WokenBy } from './status.ts';

/** One line for the journal. */
export function describeCause(cause: Cause): string {
  switch (cause.kind) {
    case 'request':
      return `a visitor: ${describeVisitor(cause.visitor)}`;
    case 'operator':
      return `${cause.command} by ${cause.by}`;
    case 'policy':
      return cause.because;
    case 'dependent':
      return `needed by ${cause.app}`;
    case 'dependency':
      return 'what it depends on serves again';
    case 'failure':
      return cause.failure.message;
    case 'platform':
      return 'its replicas changed';
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
    case 'pinned':
    case 'operator':
      return 'operator';
    case 'min-replicas':
    case 'never-sleeps':
      return 'configuration';
    case 'dependents':
      return 'dependent';
    case 'recent-use':
    case 'in-flight':
    case 'held':
    case 'unknown-use':
      return 'adopted';
    default:
      return 'schedule';
  }
}
