import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { presetsDirectory } from '../presets-directory.js';

/** A recipe that the command brings along. */
export interface Preset {
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** Where its settings come from. */
  readonly source: string;
  /** The recipe in YAML, with comments. */
  readonly text: string;
}

let names: readonly string[] | undefined;

/** Names of the presets, in alphabetical order. */
export function presetNames(): readonly string[] {
  names ??= readdirSync(presetsDirectory)
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.slice(0, -'.yaml'.length))
    .sort();
  return names;
}

/** The text of one of them. */
export function presetText(name: string): Promise<string> {
  return readFile(new URL(`${name}.yaml`, presetsDirectory), 'utf8');
}

/** A preset with what its comments say: `# What it does` and `# Source: …`, which may go on in the next lines. */
export async function presetByName(name: string): Promise<Preset> {
  const text = await presetText(name);
  const comments = text
    .split('\n')
    .filter(line => line.startsWith('# ') && !line.includes('$schema='))
    .map(line => line.slice(2));
  const at = comments.findIndex(line => line.startsWith('Source: '));
  const summary = comments.slice(0, at).join(' ');
  const source = comments.slice(at).join(' ').slice('Source: '.length);
  return { name, summary, source, text };
}
