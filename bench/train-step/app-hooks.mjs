/** Resolves every `@tensorflow/*` package from the folder in ESPALIER_TFJS_NODE, which has a built tfjs-node. */
import { pathToFileURL } from 'node:url';

const parentURL = pathToFileURL(`${process.env.ESPALIER_TFJS_NODE}/package.json`).href;

export function resolve(specifier, context, next) {
  return next(specifier, specifier.startsWith('@tensorflow/') ? { ...context, parentURL } : context);
}
