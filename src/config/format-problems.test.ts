import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblems } from './format-problems.ts';
import { createFindingCollector, fileProblem, type Finding, type Problem } from './problem.ts';
import { createSourceText, type SourceText } from './source-text.ts';

const plain = { color: false };

function problemsOf(source: SourceText, list: readonly Finding[]): readonly Problem[] {
  const findings = createFindingCollector();
  list.forEach(findings.report);
  return findings.problems(source);
}

void test('place, message, source line with a caret, hint', () => {
  const source = createSourceText('drowse.yaml', 'apps:\r\n\tfoo: \u001b[31m!\r\n');
  const problems = problemsOf(source, [
    { span: { start: 8, end: 11 }, message: 'unknown \u001b[1m key', hint: 'did you mean "bar"?' },
    { span: { start: 0, end: 500 }, message: 'odd', severity: 'warning' },
  ]);
  assert.equal(
    formatProblems(problems, plain),
    [
      'drowse.yaml:1:1: warning: odd',
      '  1 | apps:',
      '    | ^^^^^',
      '',
      'drowse.yaml:2:2: error: unknown ?[1m key',
      '  2 |  foo: ?[31m!',
      '    |  ^^^',
      '  hint: did you mean "bar"?',
    ].join('\n'),
  );
});

void test('a long line is shown around the place', () => {
  const source = createSourceText('f', `${'x'.repeat(500)}HERE${'y'.repeat(500)}`);
  const [place, excerpt = '', caret = ''] = formatProblems(
    problemsOf(source, [{ span: { start: 500, end: 504 }, message: 'm' }]),
    plain,
  ).split('\n');
  assert.equal(place, 'f:1:501: error: m');
  assert.ok(excerpt.length <= 130);
  assert.equal(excerpt.indexOf('HERE'), caret.indexOf('^^^^'));
});

void test('a problem of the whole file has no line', () => {
  assert.equal(
    formatProblems([fileProblem('f', 'there is no such file', null)], plain),
    'f: error: there is no such file',
  );
});

void test('colours only where asked for', () => {
  const problems = [fileProblem('f', 'm', 'h')];
  assert.ok(formatProblems(problems, { color: true }).includes('\u001b[31merror'));
  assert.ok(!formatProblems(problems, plain).includes('\u001b'));
});

void test('of very many problems the first are shown and the rest counted', () => {
  const many = Array.from({ length: 1000 }, () => fileProblem('f', 'm', null));
  assert.ok(formatProblems(many, plain).endsWith('\n\nand 950 more'));
});
