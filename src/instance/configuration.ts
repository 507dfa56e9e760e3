import type { Finding } from '../api/ports.ts';
import { instant } from '../api/map/instant.ts';
import { formatInstant } from '../cli/support/format.ts';
import type { Config, LoadResult } from '../config/config.ts';
import { diffConfigs, type ConfigDiff } from '../config/diff-configs.ts';
import type { Problem } from '../config/problem.ts';
import type { Clock } from '../ports/clock.ts';
import { error, ok, warning } from './doctor/finding.ts';
import type { Level } from './lines.ts';

const check = 'configuration';

export interface ConfigurationDeps {
  readonly clock: Clock;
  /** Carries out what a good edit says. */
  readonly apply: (config: Config) => void;
  readonly complain: (problems: readonly Problem[]) => void;
  readonly say: (text: string, level: Level) => void;
}

/** The configuration in force, and what has become of edits since: good ones are applied, bad ones are refused and remembered until the file is good again. */
export class Configuration {
  readonly #deps: ConfigurationDeps;
  readonly #started: Config;
  #inForce: Config;
  #sinceWallMs: number;
  #refused: readonly Problem[] = [];

  constructor(started: Config, deps: ConfigurationDeps) {
    this.#deps = deps;
    this.#started = started;
    this.#inForce = started;
    this.#sinceWallMs = deps.clock.wallMs();
  }

  /** The file has changed. */
  edited(result: LoadResult): void {
    this.#refused = result.ok ? [] : result.problems;
    this.#deps.complain(result.ok ? result.config.warnings : result.problems);
    if (!result.ok)
      return this.#deps.say(
        `drowse: the change is not applied; the configuration of ${this.#since()} stays in force.`,
        'error',
      );
    const diff = diffConfigs(this.#inForce, result.config);
    this.#inForce = result.config;
    this.#sinceWallMs = this.#deps.clock.wallMs();
    this.#sayWhatWaits(diff);
    this.#deps.apply(result.config);
  }

  /** For `drowse doctor`. */
  findings(): readonly Finding[] {
    const [first] = this.#refused;
    if (first !== undefined) {
      const more = this.#refused.length > 1 ? ` (and ${this.#refused.length - 1} more)` : '';
      const message = `The edited configuration is not applied: ${first.file}:${first.line}:${first.column}: ${first.message}${more}. That of ${this.#since()} is in force.`;
      return [error(check, null, message, 'Correct the file: it is applied as soon as it is saved.')];
    }
    const waiting = this.#settingsThatWait();
    if (waiting.length === 0) return [ok(check, null, 'The configuration on disk is in force.')];
    const message = `Changed settings are not in force: ${waiting.join(', ')}.`;
    return [warning(check, null, message, 'Start Drowse again.')];
  }

  /** In the time of this machine. */
  #since(): string {
    return formatInstant(instant(this.#sinceWallMs), instant(this.#deps.clock.wallMs()));
  }

  #settingsThatWait(): readonly string[] {
    return diffConfigs(this.#started, this.#inForce).settings;
  }

  #sayWhatWaits({ changed }: ConfigDiff): void {
    const settings = this.#settingsThatWait();
    if (settings.length > 0)
      this.#deps.say(
        `drowse: settings ${settings.join(', ')}: the change takes effect when Drowse is started again.`,
        'warn',
      );
    for (const { next, changes } of changed) {
      const fields = changes.filter(({ kind }) => kind === 'restart').map(({ field }) => field);
      if (fields.length > 0)
        this.#deps.say(
          `drowse: ${next.name}: ${fields.join(', ')}: the change takes effect when the app next starts; a start under way is begun anew.`,
          'info',
        );
    }
  }
}
