import { homedir } from 'node:os';
import type { Checked, CheckProblem } from '../cli/check.ts';
import { formatProblems } from '../config/format-problems.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Problem } from '../config/problem.ts';

/** `drowse check`: what `up` would say of the configuration, and nothing of it done. */
export async function checkConfig(file: string, options: { readonly color: boolean }): Promise<Checked> {
  const loaded = await loadConfig(file, { variables: process.env, homeDirectory: homedir() });
  const problems = loaded.ok ? loaded.config.warnings : loaded.problems;
  const apps = loaded.ok ? loaded.config.apps.map(({ name }) => name) : null;
  return {
    answer: { ok: loaded.ok, file, apps, problems: problems.map(checkProblem) },
    text: formatProblems(problems, options),
  };
}

function checkProblem({ severity, file, line, column, message, hint, sourceLine }: Problem): CheckProblem {
  const place = sourceLine === null ? { line: null, column: null } : { line, column };
  return { severity, file, ...place, message, hint };
}
