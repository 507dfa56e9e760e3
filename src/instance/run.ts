import type { UpOptions } from '../cli/up.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { watchConfig } from '../config/watch-config.ts';
import type { Control } from '../control/control.ts';
import type { ApplyResult } from '../control/fleet.ts';
import type { Logger } from '../ports/logger.ts';
import { systemClock } from '../system/clock.ts';
import { serveApi } from './api-service.ts';
import { Configuration } from './configuration.ts';
import { examine } from './doctor.ts';
import type { Interrupts } from './interrupts.ts';
import { assemble, type Parts } from './parts.ts';
import type { Screen } from './screen.ts';
import { showLines, showTable } from './show.ts';
import { type Ending, stop } from './stopping.ts';
import { packageVersion } from './version.ts';

export interface RunDeps {
  readonly options: UpOptions;
  readonly environment: Environment;
  readonly stateDir: string;
  readonly config: Config;
  /** Of the file that `config` was read from. */
  readonly hash: string | null;
  readonly interrupts: Interrupts;
  readonly screen: Screen;
  readonly logger: Logger;
}

/** From the lock to the last process gone. `failed`: it could not begin, which has been said. */
export async function run(deps: RunDeps): Promise<Ending | 'failed'> {
  const parts = assemble(deps.stateDir, deps.config.settings, deps.logger);
  const { control, platform, store } = parts;
  try {
    const started = await start(deps, parts);
    if (started === null) {
      await control.close(0);
      return 'failed';
    }
    await deps.interrupts.first;
    started.leaveScreen();
    const say = (text: string): void => deps.screen.say(text);
    return await stop({ control, platform, say, ...started, second: deps.interrupts.second });
  } catch (error) {
    // Whatever went wrong, nothing may outlive Drowse.
    await control.close(0);
    throw error;
  } finally {
    store.close();
  }
}

interface Started {
  /** Settles when what an earlier Drowse left behind is gone. */
  readonly swept: Promise<void>;
  readonly closeApi: () => Promise<void>;
  /** Edits are not heard any more, and the table stays as it is. */
  readonly leaveScreen: () => void;
}

async function start(deps: RunDeps, parts: Parts): Promise<Started | null> {
  const { options, stateDir, config, screen, logger } = deps;
  const { control, platform } = parts;
  const configuration = createConfiguration(deps, control);
  const { problems } = await control.apply(config.apps);
  sayProblems(screen, problems);
  const swept = platform.sweep();
  const doctor = async () => [...configuration.findings(), ...(await examine(control, stateDir))];
  let ending = false;
  void deps.interrupts.first.then(() => (ending = true));
  const isEnding = (): boolean => ending;
  const api = await serveApi({
    options,
    stateDir,
    settings: config.settings,
    parts,
    logger,
    doctor,
    isEnding,
  });
  if (typeof api === 'string') {
    screen.say(api, 'error');
    return null;
  }
  const { environment, hash } = deps;
  const watch = watchConfig(options.configFile, { clock: systemClock, environment, hash }, (result) =>
    configuration.edited(result),
  );
  const closeTable = show(deps, control, api.url);
  const leaveScreen = (): void => {
    watch.close();
    closeTable();
  };
  return { swept, closeApi: api.close, leaveScreen };
}

/** Ports that could not be had. */
function sayProblems(screen: Screen, problems: ApplyResult['problems']): void {
  for (const { app, problem } of problems) screen.say(`drowse: ${app}: ${problem.message}`, 'error');
}

function createConfiguration({ config, screen, logger }: RunDeps, control: Control): Configuration {
  const apply = ({ apps }: Config): void => {
    control.apply(apps).then(
      (result) => {
        screen.say(reloaded(result));
        sayProblems(screen, result.problems);
      },
      (error: unknown) => logger.error({ error }, 'a changed configuration could not be applied'),
    );
  };
  return new Configuration(config, {
    clock: systemClock,
    apply,
    complain: (problems) => screen.complain(problems),
    say: (text, level) => screen.say(text, level),
  });
}

function reloaded({ added, updated, removed }: ApplyResult): string {
  const changes = Object.entries({ added, changed: updated, removed })
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what} ${names.join(', ')}`);
  const what = changes.length === 0 ? 'no app is touched by it' : changes.join('; ');
  return `drowse: the changed configuration is in force: ${what}.`;
}

/** The live table on a terminal, a line for each change of state elsewhere. */
function show({ options, config, screen }: RunDeps, control: Control, url: string): () => void {
  if (options.quiet) return () => undefined;
  const introduction = `drowse ${packageVersion}: ${config.apps.length} ${config.apps.length === 1 ? 'app' : 'apps'}, API at ${url}`;
  return options.table ? showTable(control, introduction, screen) : showLines(control, introduction, screen);
}
