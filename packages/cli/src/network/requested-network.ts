import { UsageError } from '../errors.js';
import { type ParsedOptions, text } from '../options/read.js';
import { isBuiltIn, looksLikeFile } from './is-built-in.js';
import { requireModel } from './require-model.js';

/** What a recipe says of its network. */
export interface RequestedNetwork {
  /** A built-in architecture with new weights. */
  readonly model?: string | undefined;
  /** File that the network is read from. */
  readonly from?: string | undefined;
  /** The built-in architecture, or the module that builds it, of which `from` has the weights. */
  readonly architecture?: string | undefined;
}

/**
 * What `--from`, `--model` and `--weights` ask for: a name of `--model` alone is built anew, everything else is read.
 */
export function requestedNetwork(given: ParsedOptions): RequestedNetwork {
  const [from, model, weights] = [text(given, 'from'), text(given, 'model'), text(given, 'weights')];
  if (from !== undefined && model !== undefined) {
    throw new UsageError('Give --from or --model: the network of --from is already built.');
  }
  if (weights !== undefined) {
    if (model === undefined)
      throw new UsageError('--weights needs the architecture that they are for: name it with --model.');
    if (!looksLikeFile(model)) requireModel(model);
    return { from: weights, architecture: model };
  }
  if (model === undefined || isBuiltIn(model)) return { from, model };
  if (!looksLikeFile(model)) requireModel(model);
  return { from: model };
}
