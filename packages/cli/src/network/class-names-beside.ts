import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Longest file of names that is looked into, in bytes. */
const longest = 2 ** 22;

/**
 * Names of classes in a file beside a `model.json`: `labels` of Teachable Machine's `metadata.json`, or a line each in
 * `labels.txt`. Only as many as the network has outputs; undefined if there is none.
 */
export async function classNamesBeside(path: string, classes: number): Promise<readonly string[] | undefined> {
  const metadata = await textOf(join(dirname(path), 'metadata.json'));
  const lines = await textOf(join(dirname(path), 'labels.txt'));
  const candidates = [
    labelsIn(metadata),
    lines
      ?.trim()
      .split(/\r?\n/)
      .map(line => line.trim()),
  ];
  return candidates.find(names => names?.length === classes && names.every(name => name !== ''));
}

function labelsIn(metadata: string | undefined): readonly string[] | undefined {
  try {
    const { labels } = JSON.parse(metadata ?? '{}') as { readonly labels?: unknown };
    return Array.isArray(labels) && labels.every(label => typeof label === 'string') ? labels : undefined;
  } catch {
    return undefined; // somebody else's metadata.json
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const status = await stat(path);
    return status.isFile() && status.size <= longest ? await readFile(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
