import { exclusively } from './exclusively.ts';
import { withSystemFolders } from './find-program.ts';
import { cacheFolder } from './folders.ts';
import { watchInterrupts } from './interrupts.ts';
import { bringUp } from './lifecycle/bring-up.ts';
import { runTests } from './lifecycle/run-tests.ts';
import { takeDown } from './lifecycle/take-down.ts';
import { parseOptions, type CommandLine, type Options } from './options.ts';
import { checkRequirements } from './requirements.ts';
import { say } from './say.ts';

const interrupted = watchInterrupts();

/** `npm run cluster:up | cluster:down | test:cluster [-- --kubernetes 1.36.3] [--proxy nftables|iptables] [--name NAME] [TEST FILE …]` */
const commands: Readonly<Record<string, (line: CommandLine) => Promise<number>>> = {
  async up({ options }) {
    await alone(options, () => upOrNothing(options));
    return 0;
  },
  async down({ options }) {
    const existed = await alone(options, () => takeDown(options.name));
    say(existed ? `${options.name} is down` : `there is no cluster ${options.name}`);
    return 0;
  },
  test: ({ options, rest }) => alone(options, () => runTests(options, rest, interrupted)),
};

/** What was interrupted goes. What failed stays, for its logs, until the next command. */
async function upOrNothing(options: Options): Promise<void> {
  try {
    await bringUp(options, interrupted);
  } finally {
    if (interrupted.aborted) await takeDown(options.name);
  }
}

/** Two commands about one cluster come one after the other. */
function alone<T>({ name }: Options, work: () => Promise<T>): Promise<T> {
  return exclusively(`${cacheFolder()}/cluster-${name}.lock`, `it works on cluster ${name}`, work);
}

const [command = '', ...rest] = process.argv.slice(2);
const perform = commands[command];
try {
  if (perform === undefined) throw new Error(`usage: main.ts ${Object.keys(commands).join('|')}`);
  process.env['PATH'] = withSystemFolders(process.env['PATH']);
  checkRequirements();
  process.exitCode = await perform(parseOptions(rest));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
