import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { NetworkModuleError } from './network-errors.js';
import { shareTensorFlow } from './same-tensorflow.js';

/** What the functions of a module are given: the copy of TensorFlow.js that the command runs on. */
export interface ModuleArguments {
  readonly tf: typeof tf;
  readonly layers: typeof layers;
}

/** TensorFlow.js as modules get it, so that they need no installation of their own. */
export const moduleArguments: ModuleArguments = { tf, layers };

/** Imports a module by its path, relative to the working directory. */
export async function loadModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  shareTensorFlow();
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (cause) {
    throw new NetworkModuleError(path, `It cannot be loaded: ${reasonOf(cause)}`, { cause });
  }
}

/** The first line of what was thrown. */
export function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const [first = ''] = text.split('\n');
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** True for a class that was made from this copy of TensorFlow.js' layers. */
export const isOwnLayer = (value: unknown): boolean => value instanceof layers.layers.Layer;
