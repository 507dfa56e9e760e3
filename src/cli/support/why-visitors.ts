import type { Visitor, Why } from '../../api/contract.ts';
import { ago, between, formatDuration } from './format.ts';

const shownVisitors = 10;

/** Who waits for the app, who uses it, and who did last. */
export function useLines({ held, inFlight, app, lastUse, now }: Why): string[] {
  // Without its ports there is nobody to know of, which has been said.
  if (app.listenProblem !== null && app.held === null) return [];
  return [
    ...crowd('waiting for it', app.held, held, now),
    ...crowd('using it', app.inFlight, inFlight, now),
    ...(inFlight.length > 0 || lastUse === null
      ? []
      : [
          `Last used by ${describeVisitor(lastUse)}${app.lastUseAt === null ? '' : `, ${ago(app.lastUseAt, now)}`}.`,
        ]),
  ];
}

function crowd(doing: string, count: number | null, visitors: readonly Visitor[], now: string): string[] {
  if (count === null) return [`Who is ${doing} is not known.`];
  if (count === 0) return [];
  const listed = visitors.slice(-shownVisitors).map((visitor) => {
    const since = visitor.since === null ? '' : `, for ${formatDuration(between(visitor.since, now))}`;
    return `    ${describeVisitor(visitor)}${since}`;
  });
  const rest = count > listed.length && listed.length > 0 ? [`    and ${count - listed.length} more`] : [];
  return [`${count} ${count === 1 ? 'is' : 'are'} ${doing}:`, ...listed, ...rest];
}

/** `GET /path from 10.0.0.7:4711 with curl/8.0`; over TCP there is nothing but where it came from. */
export function describeVisitor({ client, protocol, port, method, path, userAgent }: Visitor): string {
  const agent = userAgent === null ? '' : ` with ${userAgent}`;
  if (method === null && path === null)
    return `a ${protocol === 'tcp' ? 'TCP connection' : 'visitor'} from ${client} on port ${port}${agent}`;
  return `${method ?? ''} ${path ?? ''}`.trim() + ` from ${client}${agent}`;
}
