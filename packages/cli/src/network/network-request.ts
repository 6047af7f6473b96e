import { existsSync } from 'node:fs';
import type { Checkpoint } from '@espalier/core';
import { UsageError } from '../errors.js';
import { bytes } from '../options/bytes.js';
import { imageSize } from '../options/image-size.js';
import { type ParsedOptions, text } from '../options/read.js';
import { withImageSize } from '../transfer/image-size.js';
import { findCheckpoint } from '../work/find-checkpoint.js';
import { isBuiltIn } from './is-built-in.js';
import { needBackend, openNetwork } from './open-network.js';
import { registerClasses } from './register.js';

/** Modules of `--register`. */
export function registered(given: ParsedOptions): readonly string[] {
  const written = text(given, 'register');
  return written === undefined ? [] : written.split(',').map(part => part.trim());
}

/** A network that a command was given, and the name by which results call it. */
export interface OpenedNetwork {
  readonly path: string;
  readonly checkpoint: Checkpoint;
}

/**
 * Opens the network of a command: the checkpoint that is its argument, or that of `--model`, with `--weights` and
 * `--register`.
 *
 * @param positional - Its argument, for commands whose first argument may be something else.
 */
export async function openGiven(
  given: ParsedOptions,
  say: (line: string) => void,
  { positional }: { readonly positional: string | undefined } = { positional: given.checkpoint as string | undefined },
): Promise<OpenedNetwork> {
  const model = text(given, 'model');
  const weights = text(given, 'weights');
  if (positional !== undefined && model !== undefined) {
    throw new UsageError(`Give one network: ${positional} or --model ${model}.`);
  }
  const source = positional ?? model;
  if (source === undefined) throw new UsageError('Name a network: its file, the directory of a run, or --model.');
  const options = { weights, register: registered(given), memoryLimit: bytes(given, 'memory-limit'), say };
  if (isBuiltIn(source) && !existsSync(source)) {
    if (weights === undefined)
      throw new UsageError(`${source} is an architecture; name a file of its weights with --weights.`);
    return { path: weights, checkpoint: await openNetwork(source, options) };
  }
  const path = await findCheckpoint(source, say);
  return { path, checkpoint: await openNetwork(path, options) };
}

/** The same for images of the size that `--size` says. */
export async function openSized(given: ParsedOptions, say: (line: string) => void): Promise<OpenedNetwork> {
  const size = imageSize(given);
  const { path, checkpoint } = await openGiven(given, say);
  if (size === undefined) return { path, checkpoint };
  await needBackend();
  return { path, checkpoint: await withImageSize(checkpoint, size) };
}

/** The network that a recipe begins with; undefined for a new one. */
export async function openOrigin(
  { from, architecture }: { readonly from?: string | null; readonly architecture?: string },
  given: ParsedOptions,
  progress: { line(text: string): void },
): Promise<Checkpoint | undefined> {
  const register = registered(given);
  if (!from) {
    await registerClasses(register); // for a checkpoint to go on from
    return undefined;
  }
  const shared = { register, memoryLimit: bytes(given, 'memory-limit'), say: (line: string) => progress.line(line) };
  return architecture === undefined
    ? openNetwork(from, shared)
    : openNetwork(architecture, { ...shared, weights: from });
}
