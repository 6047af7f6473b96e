import { stripVTControlCharacters } from 'node:util';
import { CorruptCheckpointError, EspalierError } from '@espalier/core';
import { FileAccessError, type FileAction, systemCodeOf } from '@espalier/core/node';
import { DataTooLargeError } from '@espalier/datasets';
import { inFlags } from './flags.js';

/** What is told of an error. */
export interface Explanation {
  readonly code: string;
  readonly message: string;
  /** Further lines for people: where it happened, for errors that nobody expected. */
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** Codes of errors that the command line itself is to blame for. */
const usageCodes = new Set([
  'USAGE',
  'INVALID_OPTION',
  'INVALID_RECIPE',
  'UNKNOWN_OPTION',
  'UNKNOWN_BACKEND',
  'UNKNOWN_DATASET',
  'UNKNOWN_MODEL',
]);

/** Code, message and exit code of anything that was thrown. */
export function explain(error: unknown): Explanation {
  const known = EspalierError.isInstance(error) ? error : fileError(error);
  if (known !== undefined) {
    const { code } = known;
    const message = `${inFlags(withoutRemediesOfPrograms(known))}${hintOf(known)}`;
    return { code, message, lines: [], exitCode: usageCodes.has(code) ? 2 : 1 };
  }
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  if (name === 'CLIError') return { code: 'USAGE', message: stripVTControlCharacters(message), lines: [], exitCode: 2 };
  const at = stack.indexOf(message) + message.length;
  const lines = stack
    .slice(at)
    .split('\n')
    .filter(line => line.trim() !== '');
  return { code: 'UNEXPECTED', message: message || name, lines, exitCode: 1 };
}

/** A message as lines: one, but for a recipe, whose problems have a line each. */
export function messageLines(code: string, message: string): string[] {
  return `${code}: ${message}`.split(code === 'INVALID_RECIPE' ? '\n' : /(?!)/);
}

/** Remedies by options that no flag sets: the command line has its own, or does by itself what they ask for. */
const remediesOfPrograms: readonly RegExp[] = [
  / If that is right, raise the option "maximumPixels"\.$/,
  /(, or keep the head with|; a last layer that is not there can be left out with) `head: "keep"`/,
  /, and give `prefix` if its names have one/,
];

function withoutRemediesOfPrograms({ message }: EspalierError): string {
  return remediesOfPrograms.reduce((text, remedy) => text.replace(remedy, ''), message);
}

const isOverPixelLimit = (error: EspalierError): boolean =>
  error instanceof DataTooLargeError && error.option === 'maximumPixels';

/** What the command line has to add to a remedy. */
function hintOf(error: EspalierError): string {
  if (isOverMemoryLimit(error)) return ' If the file is yours, raise --memory-limit.';
  if (isOverPixelLimit(error)) return ' Make the image smaller, or leave it out with --skip-damaged.';
  return error.code === 'DIRECTORY_IN_USE' ? ' Another directory is named with --out.' : '';
}

function isOverMemoryLimit(error: EspalierError): boolean {
  return error instanceof CorruptCheckpointError && (error.limit === 'fileBytes' || error.limit === 'decodedBytes');
}

const actions: ReadonlyMap<string, FileAction> = new Map([
  ...['stat', 'lstat', 'access', 'read', 'realpath', 'readlink'].map((name): [string, FileAction] => [name, 'read']),
  ['scandir', 'list'],
  ['mkdir', 'create directory'],
  ['rm', 'remove'],
  ['unlink', 'remove'],
  ['rmdir', 'remove'],
]);

/** What the operating system refused beneath a library that did not expect it, as the error that it is. */
function fileError(error: unknown): FileAccessError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || systemCodeOf(error) === undefined) return undefined;
  const path = 'path' in error ? String(error.path) : 'a file';
  return new FileAccessError(path, actions.get(String(error.syscall)) ?? 'write', error);
}
