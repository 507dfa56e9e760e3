import type { Visitor as CoreVisitor } from '../../core/visitor.ts';
import type { Visitor } from '../contract.ts';

export function mapVisitor(visitor: CoreVisitor, atMono: (monoMs: number) => string): Visitor {
  return {
    client: visitor.client,
    protocol: visitor.protocol,
    port: visitor.port,
    method: visitor.method ?? null,
    path: visitor.path ?? null,
    userAgent: visitor.userAgent ?? null,
    since: atMono(visitor.sinceMs),
  };
}
