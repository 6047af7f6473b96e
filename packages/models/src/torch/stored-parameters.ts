import { InvalidTensorError } from '../framework-errors.js';
import { decoded } from './decoded.js';
import type { NamedTensor } from './named-tensor.js';
import { requireWeights } from './quantized.js';
import type { TorchTensors } from './torch-tensor.js';

/** A parameter with everything that a checkpoint says about its value. */
export interface StoredParameter {
  /** The layer's name in PyTorch, without prefixes and wrappers. */
  readonly module: string;
  /** `weight`, `bias`, `running_mean` and so on. */
  readonly parameter: string;
  readonly tensor: NamedTensor;
  /** Stored masks, 1 = active; several where layers were wrapped twice. */
  readonly masks: readonly NamedTensor[];
  /** STR's threshold `s`, of which the sigmoid is taken from every magnitude. */
  readonly threshold: NamedTensor | undefined;
}

/**
 * {@link StoredParameter}s of a checkpoint by their clean names, and what was left out or has no parameter to go with.
 */
export interface StoredParameters {
  readonly parameters: ReadonlyMap<string, StoredParameter>;
  readonly skipped: readonly string[];
  readonly orphans: readonly string[];
}

type Role = 'value' | 'mask' | 'threshold';

/** Last parts of names that are not parameters themselves, and what they stand for. */
const roles: ReadonlyMap<string, readonly [Role, string]> = new Map([
  ['_weight_mask', ['mask', 'weight']],
  ['weight_mask', ['mask', 'weight']],
  ['_bias_mask', ['mask', 'bias']],
  ['bias_mask', ['mask', 'bias']],
  ['mask', ['mask', 'weight']],
  ['weight_orig', ['value', 'weight']],
  ['bias_orig', ['value', 'bias']],
  ['sparseThreshold', ['threshold', 'weight']],
]);

/** Undoes prefixes and wrappers of names and brings each parameter together with its masks and threshold. */
export function storedParameters(tensors: TorchTensors, prefix: string): StoredParameters {
  const values = new Map<string, NamedTensor>();
  const masks = new Map<string, NamedTensor[]>();
  const thresholds = new Map<string, NamedTensor>();
  const skipped: string[] = [];
  const orphans: string[] = [];
  for (const [source, entry] of tensors) {
    if (typeof source !== 'string') throw new InvalidTensorError('torch', String(source), 'its name is not a text');
    const name = clean(source, prefix);
    if (name === undefined) orphans.push(source);
    else if (name.endsWith('num_batches_tracked')) skipped.push(source);
    else {
      const tensor = decoded(source, entry);
      const [role, parameter] = roleOf(name);
      if (role !== 'mask') requireWeights(source, entry, tensors);
      if (role === 'mask') masks.set(parameter, [...(masks.get(parameter) ?? []), tensor]);
      else setOnce(role === 'value' ? values : thresholds, parameter, tensor);
    }
  }
  for (const [parameter, extra] of [...masks, ...[...thresholds].map(([key, one]) => [key, [one]] as const)]) {
    if (!values.has(parameter)) orphans.push(...extra.map(({ source }) => source));
  }
  const parameters = new Map<string, StoredParameter>();
  for (const [name, tensor] of values) {
    const [module, parameter] = split(name);
    parameters.set(name, { module, parameter, tensor, masks: masks.get(name) ?? [], threshold: thresholds.get(name) });
  }
  return { parameters, skipped, orphans };
}

/**
 * Without the prefix and without parts `module` (data-parallel training) and `_layer` (wrapped layers), undefined if
 * the prefix is not there. It may stand before or after the `module`.
 */
function clean(name: string, prefix: string): string | undefined {
  const unwrap = (text: string): string =>
    text
      .split('.')
      .filter(part => part !== 'module' && part !== '_layer')
      .join('.');
  if (name.startsWith(prefix)) return unwrap(name.slice(prefix.length));
  const unwrapped = unwrap(name);
  return unwrapped.startsWith(prefix) ? unwrapped.slice(prefix.length) : undefined;
}

function roleOf(name: string): [Role, string] {
  const [module, last] = split(name);
  const [role, parameter] = roles.get(last) ?? (['value', last] as const);
  const named = role === 'mask' && last === 'mask' && /(^|\.)(weight|bias)$/.test(module);
  return [role, named ? module : `${module}.${parameter}`];
}

function split(name: string): [module: string, last: string] {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
}

function setOnce(map: Map<string, NamedTensor>, key: string, tensor: NamedTensor): void {
  const other = map.get(key);
  if (other)
    throw new InvalidTensorError('torch', tensor.source, `"${other.source}" stands for the same parameter, ${key}`);
  map.set(key, tensor);
}
