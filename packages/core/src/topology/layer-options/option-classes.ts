import { type TopologyClassKind, UnregisteredClassError } from '../../errors/topology-errors.js';
import { isFields, type TopologyFields } from '../fields/fields.js';
import { type LayerOptionRule, type OptionPlace, unsupported, wrong } from './option-rule.js';

/** Names in which an option may give a class, with what TensorFlow.js calls it. */
type Names = Readonly<Record<string, string>>;

/** Words and classes by the same key: `lecun_normal`, `LecunNormal` and `leCunNormal` are one. */
const keyOf = (name: string): string => name.toLowerCase().replaceAll('_', '');

const tableOf = (...names: readonly string[]): Names => Object.fromEntries(names.map(name => [keyOf(name), name]));

const initializers: Names = {
  ...tableOf('Zeros', 'Ones', 'Constant', 'Identity', 'Orthogonal', 'VarianceScaling'),
  ...tableOf('RandomUniform', 'RandomNormal', 'TruncatedNormal'),
  ...tableOf('GlorotUniform', 'GlorotNormal', 'HeUniform', 'HeNormal', 'LeCunUniform', 'LeCunNormal'),
  zero: 'Zeros',
  one: 'Ones',
  uniform: 'RandomUniform',
  normal: 'RandomNormal',
  custominit: 'Ones', // what TensorFlow.js writes for an LSTM's own; it is never run, since weights follow
  identityinitializer: 'Identity',
  orthogonalinitializer: 'Orthogonal',
};
const regularizers: Names = tableOf('L1L2', 'L1', 'L2');
const constraints: Names = tableOf('MaxNorm', 'MinMaxNorm', 'NonNeg', 'UnitNorm');
const activations: Names = {
  ...tableOf('elu', 'selu', 'relu', 'relu6', 'linear', 'sigmoid', 'hard_sigmoid', 'softplus', 'softsign', 'tanh'),
  ...tableOf('softmax', 'log_softmax', 'gelu', 'mish', 'swish'),
  silu: 'swish',
};

/** Class and configuration of `"name"` or of `{ class_name, config }`. */
function named(value: unknown, place: OptionPlace): { className: string; config: TopologyFields } {
  if (typeof value === 'string') return { className: value, config: {} };
  if (!isFields(value) || typeof value.class_name !== 'string')
    return wrong(value, place, 'a name, or a class with a config');
  const { class_name: className, config } = value;
  if (className === 'function' && typeof config === 'string') return { className: config, config: {} };
  if (config !== undefined && config !== null && !isFields(config)) return wrong(value, place, 'a class with a config');
  return { className, config: isFields(config) ? config : {} };
}

/** Reads an option that gives a class; `other` says what becomes of one that is not in the table. */
function classOption(kind: TopologyClassKind, names: Names, plain: Plain): LayerOptionRule {
  return (value, place) => {
    const { option, layer } = place;
    if (value === null) return { [option]: null };
    const { className, config } = named(value, place);
    const key = keyOf(className);
    const known = Object.hasOwn(names, key) ? names[key] : undefined;
    if (known !== undefined) return { [option]: plain(known, config, place, value) };
    if (place.registered(className)) return { [option]: { class_name: className, config } };
    throw new UnregisteredClassError(className, kind, layer);
  };
}

type Plain = (className: string, config: TopologyFields, place: OptionPlace, value: unknown) => unknown;

const asObject: Plain = (className, config) => ({ class_name: className, config: plainNumbers(config) });

/** Initializers, regularizers and constraints with numbers where Keras once wrote `{ type: 'ndarray', value }`. */
function plainNumbers(config: TopologyFields): TopologyFields {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, plainNumber(value)]));
}

/** A number that some versions of Keras wrap. */
export function plainNumber(value: unknown): unknown {
  return isFields(value) && value.type === 'ndarray' && typeof value.value === 'number' ? value.value : value;
}

/** How weights start. That of a weight that follows is never run, so only its class is looked at. */
export const initializer: LayerOptionRule = classOption('initializer', initializers, asObject);

/** `L1` and `L2` of Keras are `L1L2` here. */
export const regularizer: LayerOptionRule = classOption(
  'regularizer',
  regularizers,
  (className, config, place, value) => {
    const { l1, l2 } = plainNumbers(config);
    const defaults = typeof value === 'string' ? 0.01 : 0;
    const factors = {
      l1: className === 'L2' ? 0 : (l1 ?? defaults),
      l2: className === 'L1' ? 0 : (l2 ?? defaults),
    };
    if (!Object.values(factors).every(factor => Number.isFinite(factor) && (factor as number) >= 0))
      wrong(value, place, 'a regularizer with factors of at least 0');
    return { class_name: 'L1L2', config: factors };
  },
);

const constraintNumbers: readonly string[] = ['max_value', 'min_value', 'rate', 'axis'];

/** What weights are forced to after each step. */
export const constraint: LayerOptionRule = classOption('constraint', constraints, (className, config, place, value) => {
  const plain = plainNumbers(config);
  for (const [key, entry] of Object.entries(plain)) {
    const list = key === 'axis' && Array.isArray(entry) ? entry : [entry];
    if (!constraintNumbers.includes(key) || !list.every(part => part === null || Number.isFinite(part)))
      wrong(value, place, `a constraint with numbers (its ${key} is none)`);
  }
  return { class_name: className, config: plain };
});

/** Activations by name. An object is taken if it has nothing to configure. */
export const activation: LayerOptionRule = classOption('activation', activations, (className, config, place, value) => {
  const set = Object.entries(config).find(([key, entry]) => key !== 'name' && key !== 'dtype' && entry !== null);
  if (set) unsupported(value, place, 'supported: activations without options; put a layer of its own behind');
  if (className === 'hard_sigmoid' && place.origin === 'keras3')
    unsupported(value, place, 'Keras 3 computes relu6(x + 3) / 6, TensorFlow.js what Keras 2 did');
  return className;
});
