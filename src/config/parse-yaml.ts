import { parseDocument } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import { convertYaml } from './convert-yaml.ts';
import type { Finding, Report } from './problem.ts';
import type { TreeNode } from './tree.ts';
import { yamlAdvice } from './yaml-messages.ts';

/**
 * `null` when the text is no single, complete YAML document. All that is wrong has been reported; a key that stands twice does not hide the rest.
 * An empty file is a null scalar.
 */
export function parseYaml(text: string, report: Report): TreeNode | null {
  const document = readDocument(text, report);
  if (document === null) return null;
  const faults = [...document.errors, ...document.warnings];
  faultsToReport(faults).forEach((fault) => report(findingOf(fault)));
  return faults.length > 0 ? null : convertYaml(document.contents, report);
}

/** Where the package has run out of stack, what it says of the rest is of no use. */
function faultsToReport(faults: readonly YAMLError[]): readonly YAMLError[] {
  const exhausted = faults.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  return exhausted === undefined ? faults : [exhausted];
}

function findingOf({ code, message, pos }: YAMLError): Finding {
  const { instead = message, hint = null } = yamlAdvice(code);
  return { span: { start: pos[0], end: pos[1] }, message: `YAML: ${instead}`, hint };
}

function readDocument(text: string, report: Report): Document.Parsed | null {
  try {
    // The conversion looks for keys that stand twice, with a map: the package compares each key with all others, which takes minutes on a hostile file.
    return parseDocument(text, {
      prettyErrors: false,
      logLevel: 'error',
      uniqueKeys: false,
      stringKeys: false,
    });
  } catch (error) {
    // The package recurses: thousands of nested brackets exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    report({ span: { start: 0, end: 1 }, message: 'YAML: nested too deeply' });
    return null;
  }
}
