import type { Finding } from '../api/contract.ts';
import { textOption, type Command } from './support/command.ts';
import { outputOption } from './support/options.ts';
import { formatOf, print } from './support/output.ts';
import { colorsOf, printable, type Colors, type OutputStream } from './support/terminal.ts';
import { wrapBehind } from './support/wrap.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check this machine, Drowse and its apps; each finding with its cure',
  description: 'Ends with 9 when something is wrong; warnings alone end with 0.',
  args: [],
  options: [outputOption],
  examples: ['drowse doctor'],
  exits: ['not-running', 'findings', 'denied'],
  connects: true,
  run: async ({ options, terminal, connect }) => {
    const answer = await (await connect()).doctor();
    const colors = colorsOf(terminal.out, terminal.env);
    await print(terminal.out, formatOf(textOption(options, 'output')), answer, () =>
      answer.findings.flatMap((finding) => lines(finding, terminal.out, colors)),
    );
    return answer.findings.some(({ level }) => level === 'error') ? 'findings' : 'ok';
  },
};

function lines({ level, app, message, cure }: Finding, out: OutputStream, colors: Colors): string[] {
  const styles = { ok: colors.green, warning: colors.yellow, error: colors.red };
  const width = out.isTTY === true ? out.columns || 80 : Infinity;
  const head = level.padEnd(8);
  const [first = '', ...rest] = wrapBehind(
    head,
    printable(`${app === null ? '' : `${app}: `}${message}`),
    width,
  );
  const advice = cure === null ? [] : wrapBehind('        → ', printable(cure), width);
  return [styles[level](head) + first.slice(head.length), ...rest, ...advice];
}
