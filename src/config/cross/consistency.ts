import type { ResolvedApp } from './resolved-app.ts';

/** What the values of one app must not say together. */
export function checkConsistency(app: ResolvedApp): void {
  checkReplicas(app);
  checkHttpOnly(app);
  warnOfShortHold(app);
}

function checkReplicas({ spec, scope }: ResolvedApp): void {
  if (spec.minReplicas > spec.maxReplicas) {
    const key = scope.hasOwn(['minReplicas']) ? 'minReplicas' : 'maxReplicas';
    const message = `minReplicas (${spec.minReplicas}) is more than maxReplicas (${spec.maxReplicas})`;
    scope.report({ span: scope.value([key]), message });
  }
  const fixed = spec.ports.find(({ target }) => target !== 'assigned');
  if (spec.maxReplicas > 1 && fixed !== undefined) {
    scope.report({
      span: scope.value(['maxReplicas']),
      message: `several processes cannot all listen on port ${fixed.target}`,
      hint: 'leave the target out, and let each process listen on ${PORT}',
    });
  }
}

function checkHttpOnly({ spec, scope }: ResolvedApp): void {
  if (spec.ports.length === 0 || spec.ports.some(({ protocol }) => protocol !== 'tcp')) return;
  const hint = 'use protocol: http or auto, or remove it';
  if (spec.noWake.length > 0) {
    scope.report({
      span: scope.key(['noWake']),
      message: 'noWake rules need HTTP, and every port here is tcp',
      hint,
    });
  }
  if (spec.hold.waitingPage) {
    scope.report({
      span: scope.key(['hold', 'waitingPage']),
      message: 'a waiting page needs HTTP, and every port here is tcp',
      hint,
    });
  }
}

function warnOfShortHold({ spec, scope }: ResolvedApp): void {
  if (spec.startTimeoutMs <= spec.hold.timeoutMs) return;
  scope.report({
    severity: 'warning',
    span: scope.hasOwn(['startTimeout']) ? scope.value(['startTimeout']) : scope.value(['hold', 'timeout']),
    message:
      'a start may take longer than anybody is held: whoever comes first may be turned away before the app is ready',
    hint: 'raise hold.timeout to at least startTimeout',
  });
}
