/** What is used of an event of `audit.k8s.io/v1`. */
export interface AuditEvent {
  readonly auditID: string;
  readonly stage: 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly user: { readonly username?: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly requestObject?: unknown;
  readonly responseStatus?: { readonly code?: number };
}

/** One call to the API server, from the events of its stages. */
export interface AuditedCall {
  readonly verb: string;
  /** `deployments.apps/scale`; `null` for what is no resource. */
  readonly resource: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly uri: string;
  /** What was written, where the policy has it logged. */
  readonly body: unknown;
  /** `null` while it is not answered; a watch is when it begins. */
  readonly code: number | null;
}

/** A last line that is not whole yet is left for the next reading. */
export function parseEvents(text: string): AuditEvent[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent);
}

export function collectCalls(
  events: readonly AuditEvent[],
  from: string,
  to: string,
  user: string,
): AuditedCall[] {
  const received = events
    .filter(({ stage, user: { username } }) => stage === 'RequestReceived' && username === user)
    .filter(({ requestReceivedTimestamp: at }) => at > from && at < to)
    .toSorted((a, b) => (a.requestReceivedTimestamp < b.requestReceivedTimestamp ? -1 : 1));
  const answered = new Map(
    events.filter(({ stage }) => stage !== 'RequestReceived').map((event) => [event.auditID, event]),
  );
  return received.map((event) => toCall(event, answered.get(event.auditID)));
}

function toCall(event: AuditEvent, answered: AuditEvent | undefined): AuditedCall {
  const { verb, requestURI, objectRef } = event;
  return {
    verb,
    resource: resourceOf(objectRef),
    namespace: objectRef?.namespace ?? null,
    name: objectRef?.name ?? null,
    uri: requestURI,
    body: answered?.requestObject ?? null,
    code: answered?.responseStatus?.code ?? null,
  };
}

function resourceOf(reference: AuditEvent['objectRef']): string | null {
  if (reference?.resource === undefined) return null;
  const group = reference.apiGroup === undefined ? '' : `.${reference.apiGroup}`;
  const subresource = reference.subresource === undefined ? '' : `/${reference.subresource}`;
  return `${reference.resource}${group}${subresource}`;
}
