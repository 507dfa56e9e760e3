import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { renderTable, type Cell, type Column } from './text-table.ts';

const column = fc.record({
  title: fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('A', 'B', '-') }),
  align: fc.constantFrom('left' as const, 'right' as const),
  minWidth: fc.nat(6),
  dropOrder: fc.nat(5),
});
const cell = fc
  .string({ maxLength: 30, unit: fc.constantFrom('a', 'é', '漢', '😀', '0') })
  .map((text): Cell => ({ text }));

test('no line is wider than the terminal, as long as there is room for the columns that stay', () => {
  fc.assert(
    fc.property(
      fc.array(column, { minLength: 1, maxLength: 8 }).chain((columns) =>
        fc.tuple(
          fc.constant(columns),
          fc.array(fc.array(cell, { minLength: columns.length, maxLength: columns.length }), {
            maxLength: 5,
          }),
          fc.integer({ min: 20, max: 200 }),
        ),
      ),
      ([columns, rows, width]) => {
        const lines = renderTable(columns, rows, width);
        assert.equal(lines.length, rows.length + 1);
        const staying = columns.filter(({ dropOrder }) => dropOrder === 0).length;
        if (staying * 6 > width) return;
        for (const line of lines) assert.ok(Array.from(line).length <= width, line);
      },
    ),
  );
});

const columns: readonly Column[] = [
  { title: 'NAME', align: 'left', minWidth: 0, dropOrder: 0 },
  { title: 'N', align: 'right', minWidth: 3, dropOrder: 2 },
  { title: 'MORE', align: 'left', minWidth: 0, dropOrder: 1 },
];
const rows = [
  ['a-long-name', '1', 'x'].map((text) => ({ text })),
  ['b', '22', 'yy'].map((text) => ({ text })),
];

test('columns line up, and go one by one where it is narrow', () => {
  assert.deepEqual(renderTable(columns, rows, null), [
    'NAME           N  MORE',
    'a-long-name    1  x',
    'b             22  yy',
  ]);
  assert.deepEqual(renderTable(columns, rows, 18), [
    'NAME         MORE',
    'a-long-name  x',
    'b            yy',
  ]);
  assert.deepEqual(renderTable(columns, rows, 12), ['NAME', 'a-long-name', 'b']);
  assert.deepEqual(renderTable(columns, rows, 8), ['NAME', 'a-long-…', 'b']);
});

const style = (text: string) => `\u001B[31m${text}\u001B[39m`;

test('colour changes no width', () => {
  const coloured = rows.map((row) => row.map((plain) => ({ ...plain, style })));
  for (const width of [null, 18, 8]) {
    assert.deepEqual(
      renderTable(columns, coloured, width)
        .map(stripVTControlCharacters)
        .map((line) => line.trimEnd()),
      renderTable(columns, rows, width),
    );
  }
});
