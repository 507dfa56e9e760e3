import { Command as Parser, type CommanderError, Option as ParserOption } from 'commander';
import { createCommands, type Handlers } from './commands.ts';
import { exitCodes, type ExitName } from './exit-codes.ts';
import type { Command, Option, OptionValues } from './support/command.ts';
import { connect } from './support/instance.ts';
import { connectionOptions, optionsOf } from './support/options.ts';
import { sentencesFor } from './support/output.ts';
import { report } from './support/report.ts';
import { line, type Terminal } from './support/terminal.ts';

/** Runs one command line (without the program's own name); resolves to its exit code and never rejects. */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal,
  handlers: Handlers,
): Promise<number> {
  let exit: ExitName | number = 'ok';
  const program = createParser(createCommands(handlers), terminal, (result) => {
    exit = result;
  });
  try {
    await program.parseAsync(spelledOut(argv), { from: 'user' });
    return codeOf(exit);
  } catch (error) {
    return exitCodes[report(error, terminal)].code;
  }
}

/** What everybody tries first. */
function spelledOut([first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [];
  return [first === '--version' || first === '-V' ? 'version' : first, ...rest];
}

function codeOf(exit: ExitName | number): number {
  return typeof exit === 'number' ? exit : exitCodes[exit].code;
}

function createParser(
  commands: readonly Command[],
  terminal: Terminal,
  ended: (exit: ExitName | number) => void,
): Parser {
  const program = new Parser('drowse')
    .description('Apps sleep when nobody uses them, and wake on the first connection.')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
      getOutHelpWidth: () => terminal.out.columns ?? 80,
      getErrHelpWidth: () => terminal.err.columns ?? 80,
    })
    .addHelpText(
      'after',
      '\nEvery command: drowse COMMAND --help. `drowse --version`: as `drowse version`. Exit codes: docs/reference/cli.md.',
    )
    .showHelpAfterError('All commands: drowse --help');
  for (const option of connectionOptions) program.addOption(parserOption(option));
  for (const command of commands) addCommand(program, command, terminal, ended);
  return program;
}

function addCommand(
  program: Parser,
  command: Command,
  terminal: Terminal,
  ended: (exit: ExitName | number) => void,
): void {
  const options = optionsOf(command).map((option) => ({ option, parsed: parserOption(option) }));
  const parser = program
    .command(command.name)
    .summary(command.summary)
    .description(`${command.summary}.\n\n${command.description}`);
  for (const { name, description, kind } of command.args)
    parser.argument(kind === 'required' ? `<${name}>` : `[${name}...]`, description);
  for (const { parsed } of options) parser.addOption(parsed);
  parser.showHelpAfterError(`How it is used: drowse ${command.name} --help`);
  parser.exitOverride((error) => {
    const hint = hintFor(error, command);
    for (const text of sentencesFor(terminal.err, hint)) line(terminal.err, text);
    throw error;
  });
  parser.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`);
  parser.action(async () => {
    const values = valuesOf(parser.opts(), options);
    const given: OptionValues = {
      ...valuesOf(
        program.opts(),
        connectionOptions.map((option) => ({ option, parsed: parserOption(option) })),
      ),
      ...values,
    };
    ended(
      await command.run({
        args: parser.args,
        options: given,
        terminal,
        connect: async () => await connect(given, terminal),
      }),
    );
  });
}

/** Whoever gives a file to a `-f` that takes none means the one of the other commands. */
function hintFor({ code }: CommanderError, command: Command): readonly string[] {
  const own = command.options.find(({ short, value }) => short === 'f' && value === null);
  if (code !== 'commander.excessArguments' || own === undefined) return [];
  return [
    `Behind \`${command.name}\`, -f means --${own.long}. The configuration goes before it: drowse -f FILE ${command.name} APP`,
  ];
}

function parserOption({ short, long, value, description, choices }: Option): ParserOption {
  const flags = `${short === null ? '' : `-${short}, `}--${long}${value === null ? '' : ` <${value}>`}`;
  const option = new ParserOption(flags, description);
  return choices === undefined ? option : option.choices([...choices]);
}

/** By long name, and without what was not given. */
function valuesOf(
  parsed: Readonly<Record<string, unknown>>,
  options: readonly { option: Option; parsed: ParserOption }[],
): OptionValues {
  const values: Record<string, string | boolean> = {};
  for (const { option, parsed: known } of options) {
    const value = parsed[known.attributeName()];
    if (typeof value === 'string' || typeof value === 'boolean')
      values[option.long.replace(/^no-/, '')] = value;
  }
  return values;
}
