import { BlockList, isIP } from 'node:net';
import type { NoWakeAnswer, NoWakeRule } from '../../core/app.ts';
import { fieldValue } from './field-value.ts';
import type { Head } from './head.ts';

interface CompiledRule {
  readonly rule: NoWakeRule;
  readonly methods: ReadonlySet<string> | null;
  readonly userAgent: string | null;
  readonly sources: BlockList | null;
}

/** Decides which requests must not wake an app and do not count as use. */
export class NoWakeMatcher {
  private readonly rules: readonly CompiledRule[];

  constructor(rules: readonly NoWakeRule[]) {
    this.rules = rules.map(compile);
  }

  /** Without rules, the hot path asks nothing. */
  get empty(): boolean {
    return this.rules.length === 0;
  }

  /** The answer of the first rule of which every given condition holds; `null` when there is none. `source` is the address of the client. */
  match(bytes: Buffer, head: Head, source: string): NoWakeAnswer | null {
    for (const compiled of this.rules) {
      if (holds(compiled, bytes, head, source)) return compiled.rule.answer;
    }
    return null;
  }
}

function holds(compiled: CompiledRule, bytes: Buffer, head: Head, source: string): boolean {
  const { path } = compiled.rule;
  if (path !== null && !pathMatches(path, requestPath(bytes, head))) return false;
  if (compiled.methods !== null && !compiled.methods.has(requestMethod(bytes, head))) return false;
  if (compiled.sources !== null && !contains(compiled.sources, source)) return false;
  if (compiled.userAgent === null) return true;
  return fieldValue(bytes, head, 'user-agent')?.toLowerCase().includes(compiled.userAgent) ?? false;
}

function compile(rule: NoWakeRule): CompiledRule {
  return {
    rule,
    methods: rule.methods === null ? null : new Set(rule.methods.map((method) => method.toUpperCase())),
    userAgent: rule.userAgent?.toLowerCase() ?? null,
    sources: rule.sources === null ? null : blockList(rule.sources),
  };
}

/** Addresses without a prefix length stand for themselves. The configuration has checked them; what is no network after all matches nobody. */
function blockList(sources: readonly string[]): BlockList {
  const list = new BlockList();
  for (const source of sources) {
    const [address = '', prefix] = source.split('/');
    const family = isIP(address);
    if (family === 0) continue;
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(prefix), type);
  }
  return list;
}

/** IPv4 networks also match IPv4 addresses in IPv6 form, which is what a dual-stack listener reports. */
function contains(list: BlockList, source: string): boolean {
  const family = isIP(source);
  if (family === 0) return false;
  return list.check(source, family === 6 ? 'ipv6' : 'ipv4');
}

function pathMatches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

export function requestMethod(bytes: Buffer, head: Head): string {
  return bytes.toString('latin1', head.start, head.methodEnd);
}

/** Without the query. */
export function requestPath(bytes: Buffer, head: Head): string {
  const target = requestTarget(bytes, head);
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

export function requestTarget(bytes: Buffer, head: Head): string {
  const path = bytes.toString('latin1', head.pathStart, head.targetEnd);
  // In absolute form without a path, the path is the second slash of "//", and the authority lies between it and the query.
  if (head.authorityEnd === 0 || head.pathStart >= head.authorityEnd) return path;
  return `/${bytes.toString('latin1', head.authorityEnd, head.targetEnd)}`;
}
