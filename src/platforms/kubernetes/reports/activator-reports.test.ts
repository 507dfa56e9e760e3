import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ActivatorReports } from './activator-reports.ts';
import type { Report, ReportedUse } from './report.ts';

const idle: ReportedUse = { held: 0, inFlight: 0, idleForMs: 400 };
const busy: ReportedUse = { held: 1, inFlight: 2, idleForMs: 0 };

const report = (sequence: number, apps: Readonly<Record<string, ReportedUse>> = {}): Report => ({
  sequence,
  apps: new Map(Object.entries(apps)),
});

function two(): ActivatorReports {
  const reports = new ActivatorReports();
  reports.expect(['a', 'b'], 0);
  reports.received('a', report(1, { web: idle }), 1_000);
  reports.received('b', report(1, { web: busy }), 1_000);
  return reports;
}

describe('what activators see together', () => {
  test('is the sum, and the latest use of all; known when all have been heard of', () => {
    const reports = two();
    assert.deepEqual(reports.usageOf('web', 1_500), {
      held: 1,
      inFlight: 2,
      lastUseAtMs: 1_500,
      covered: true,
      measuredAtMs: 1_000,
    });
    reports.received('b', report(2, { web: { ...idle, idleForMs: 100 } }), 2_000);
    assert.deepEqual(reports.usageOf('web', 2_500), {
      held: 0,
      inFlight: 0,
      lastUseAtMs: 1_900,
      covered: true,
      measuredAtMs: 1_000,
    });
    assert.deepEqual(reports.usageOf('other', 2_500), {
      held: 0,
      inFlight: 0,
      lastUseAtMs: null,
      covered: true,
      measuredAtMs: 1_000,
    });
  });

  test('is unknown before all have been heard of, and without anybody to hear of', () => {
    const reports = new ActivatorReports();
    assert.equal(reports.usageOf('web', 0).covered, false);
    reports.expect(['a', 'b'], 0);
    reports.received('a', report(1), 0);
    assert.deepEqual([reports.usageOf('web', 0).covered, reports.unheardOf(0)], [false, ['b']]);
  });

  test('is unknown when one of them is late, and known again when it has told everything', () => {
    const reports = two();
    reports.received('a', report(2), 4_500);
    assert.deepEqual(reports.unheardOf(4_500), ['b']);
    reports.received('b', report(2), 4_600);
    assert.deepEqual(reports.unheardOf(4_600), []);
  });

  test('is unknown after a gap, until the connection is made anew and everything told', () => {
    const reports = two();
    assert.equal(reports.received('b', report(3, { web: idle }), 1_200), false);
    assert.equal(reports.usageOf('web', 1_200).covered, false);
    // What it held last it may hold still.
    assert.equal(reports.usageOf('web', 1_200).inFlight, 2);
    assert.equal(reports.received('b', report(4), 1_300), false);
    assert.equal(reports.received('b', report(1, { web: idle }), 1_400), true);
    assert.deepEqual(
      [reports.usageOf('web', 1_400).inFlight, reports.usageOf('web', 1_400).covered],
      [0, true],
    );
  });

  test('takes the end of an activator for use: nobody knows its last moments', () => {
    const reports = two();
    reports.received('b', report(2, { web: idle }), 1_500);
    reports.expect(['a'], 2_500);
    assert.deepEqual(reports.usageOf('web', 3_000), {
      held: 0,
      inFlight: 0,
      lastUseAtMs: 2_500,
      covered: true,
      measuredAtMs: 1_000,
    });
  });

  test('says nothing of those that are not expected', () => {
    const reports = two();
    assert.equal(reports.received('c', report(1, { web: busy }), 1_000), false);
    assert.equal(reports.usageOf('web', 1_000).inFlight, 2);
  });
});

interface Truth {
  held: number;
  lastUseAtMs: number | null;
}

test('whatever is lost between them, nothing that was used by then is called unused (I5)', () => {
  const event = fc.record({
    who: fc.nat(2),
    kind: fc.constantFrom('use', 'end', 'report', 'report', 'report', 'lose', 'break', 'die'),
    afterMs: fc.nat(1_500),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      const names = ['a', 'b', 'c'];
      const truths = new Map<string, Truth>(names.map((name) => [name, { held: 0, lastUseAtMs: null }]));
      const sequences = new Map<string, number>();
      const reports = new ActivatorReports();
      reports.expect(names, 0);
      /** From when till when somebody was there. */
      const uses: { readonly fromMs: number; toMs: number; readonly name: string }[] = [];
      let nowMs = 0;
      for (const { who, kind, afterMs } of events) {
        nowMs += afterMs;
        const name = names[who] ?? '';
        const truth = truths.get(name);
        if (truth === undefined) continue;
        const sequence = (sequences.get(name) ?? 0) + 1;
        if (kind === 'use') {
          truth.held += 1;
          uses.push({ fromMs: nowMs, toMs: Infinity, name });
        } else if (kind === 'end' && truth.held > 0) {
          truth.held -= 1;
          truth.lastUseAtMs = nowMs;
          const open = uses.find((use) => use.name === name && use.toMs === Infinity);
          if (open !== undefined) open.toMs = nowMs;
        } else if (kind === 'lose') sequences.set(name, sequence);
        else if (kind === 'break') {
          sequences.set(name, 0);
          reports.disconnected(name);
        } else if (kind === 'die') {
          for (const use of uses) if (use.name === name) use.toMs = Math.min(use.toMs, nowMs);
          truths.delete(name);
          reports.expect([...truths.keys()], nowMs);
        } else if (kind === 'report') {
          const idleForMs =
            truth.held > 0 ? 0 : truth.lastUseAtMs === null ? null : nowMs - truth.lastUseAtMs;
          const use = { held: truth.held, inFlight: 0, idleForMs };
          const isTaken = reports.received(name, report(sequence, { web: use }), nowMs);
          sequences.set(name, isTaken ? sequence : 0);
        }
        const { covered, measuredAtMs, lastUseAtMs } = reports.usageOf('web', nowMs);
        if (!covered) continue;
        for (const { fromMs, toMs } of uses) {
          if (fromMs >= measuredAtMs) continue;
          const known = lastUseAtMs ?? -Infinity;
          assert.ok(
            known >= Math.min(toMs, measuredAtMs),
            `used until ${toMs}, known ${known} as of ${measuredAtMs}`,
          );
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
