import { describeMethod, methodLines } from '../method/describe-method.js';
import { loadMethod } from '../method/load-method.js';
import { registry } from '../method/registry.js';
import { type ParsedOptions, text, whole } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';

/** Runs `methods`: all of them in a line each, or one with its options. */
export async function runMethods(given: ParsedOptions): Promise<Outcome> {
  const reference = text(given, 'method');
  const steps = whole(given, 'steps', 1) ?? 1000;
  if (reference === undefined) {
    const all = [...registry.values()].map(definition => describeMethod(definition, steps));
    const widest = Math.max(...all.map(({ name }) => name.length));
    const lines = all.map(({ name, summary, source }) => `${name.padEnd(widest)}  ${summary} (${source})`);
    const more = 'The options of one: espalier methods NAME';
    return { json: { command: 'methods', methods: all }, lines: [...lines, more], exitCode: 0 };
  }
  const { definition } = await loadMethod(reference);
  if (!definition) {
    const line = `${reference} can be used, but says nothing about its options. Export definitions to list them.`;
    return { json: { command: 'methods', method: null }, lines: [line], exitCode: 0 };
  }
  const method = describeMethod(definition, steps);
  return { json: { command: 'methods', method }, lines: methodLines(method), exitCode: 0 };
}
