import type { Attribute, Initializer, OnnxNode } from '../format/model.js';
import { firstShape, hasChannels, orderIsMoot, sizeOf, type Value } from './value.js';

/** Collects nodes and constants of a graph, each name once, and turns the channels where that is needed. */
export class GraphWriter {
  readonly nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #byKey = new Map<unknown, Map<string, string>>();
  readonly #turned = new Map<string, Value>();
  readonly #names = new Set<string>(['']);
  readonly #outputs = new Set<string>();
  /** What values are called now that were given another name. */
  readonly #renamed = new Map<string, string>();
  readonly #bases = new Set<string>();

  get initializers(): readonly Initializer[] {
    return [...this.#initializers.values()];
  }

  /** The name itself, or one with a number if it is taken. */
  freeName(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.#names.has(name); i++) name = `${wanted}:${i}`;
    this.#names.add(name);
    return name;
  }

  /** A name that no value has and that begins no other name, for a call of a layer. */
  freeBase(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.#bases.has(name) || this.#names.has(name); i++) name = `${wanted}:${i}`;
    this.#bases.add(name);
    return name;
  }

  /** Adds an operation with one output, and gives that output's name. */
  emit(
    opType: string,
    wanted: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const name = this.freeName(wanted);
    this.nodes.push({ opType, name, inputs, outputs: [name], attributes });
    return name;
  }

  /** A constant; the same `key` and purpose, such as a variable that two layers share, gives the same one. */
  constant(key: unknown, wanted: string, shape: readonly number[], make: () => Float32Array): string {
    const purposes = this.#byKey.get(key) ?? new Map<string, string>();
    this.#byKey.set(key, purposes);
    const purpose = `${wanted.split('/').at(-1)} ${shape.join()}`;
    const known = purposes.get(purpose);
    if (known !== undefined) return known;
    const name = this.freeName(wanted);
    this.#initializers.set(name, { name, shape, values: make() });
    purposes.set(purpose, name);
    return name;
  }

  /**
   * Makes a value an output of the graph under a name, if no input or other output is called so. After it, nothing more
   * may read the value. Another value of that name, such as the same with its channels first, gets a number.
   */
  asOutput(value: string, wanted: string): string {
    const old = this.#current(value);
    if (old === wanted && this.#isFree(old)) {
      this.#outputs.add(old);
      return old;
    }
    if (this.#isFree(wanted)) this.#rename(wanted, this.freeName(wanted));
    const name = this.#names.has(wanted) ? this.freeName(wanted) : wanted;
    this.#names.add(name);
    if (this.#isFree(old)) this.#rename(old, name);
    else this.nodes.push({ opType: 'Identity', name, inputs: [old], outputs: [name], attributes: {} });
    this.#outputs.add(name);
    return name;
  }

  /** True for results of nodes that are no outputs yet, which may be renamed. */
  #isFree(value: string): boolean {
    return !this.#outputs.has(value) && this.nodes.some(({ outputs }) => outputs[0] === value);
  }

  #current(value: string): string {
    return this.#renamed.get(value) ?? value;
  }

  #rename(old: string, name: string): void {
    const rename = (names: readonly string[]): string[] => names.map(each => (each === old ? name : each));
    for (const [index, each] of this.nodes.entries())
      this.nodes[index] = { ...each, inputs: rename(each.inputs), outputs: rename(each.outputs) };
    const [original = old] = [...this.#renamed].find(([, current]) => current === old) ?? [];
    this.#renamed.set(original, name);
    this.#names.delete(old);
  }

  /** One number. */
  scalar(value: number): string {
    return this.constant('scalar', `scalar ${value}`, [], () => Float32Array.of(value));
  }

  /** Numbers of an axis or of sizes. */
  integers(values: readonly number[]): string {
    const name = `integers ${values.join(' ')}`;
    if (this.#initializers.has(name)) return name;
    this.#names.add(name);
    const longs = BigInt64Array.from(values, BigInt);
    this.#initializers.set(name, { name, shape: [values.length], values: longs });
    return name;
  }

  /** The value with its channels first. */
  first(value: Value): Value {
    return value.order === 'first' || !hasChannels(value) ? value : this.#turn(value, 'first');
  }

  /** The value as TensorFlow.js has it. */
  last(value: Value): Value {
    return value.order === 'last' ? value : this.#turn(value, 'last');
  }

  /** The value with another shape of as many entries, in the order of TensorFlow.js. */
  reshape(wanted: string, value: Value, shape: readonly number[]): Value {
    const order = shape.length === 3 && orderIsMoot({ shape }) ? 'first' : 'last';
    const stored = order === 'first' ? firstShape(shape) : shape;
    const from = orderIsMoot(value) ? value : this.last(value);
    if (sizeOf(value.shape) !== sizeOf(shape)) throw new Error(`[${value.shape}] cannot become [${shape}].`);
    return { name: this.emit('Reshape', wanted, [from.name, this.integers([0, ...stored])]), shape, order };
  }

  #turn(value: Value, order: Value['order']): Value {
    const known = this.#turned.get(value.name);
    if (known) return known;
    const rank = value.shape.length + 1;
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    const perm = order === 'first' ? [0, rank - 1, ...axes.slice(1, -1)] : [0, ...axes.slice(2), 1];
    const name = this.emit('Transpose', `${value.name}/channels_${order}`, [value.name], { perm: { integers: perm } });
    const turned: Value = { ...value, name, order };
    this.#turned.set(value.name, turned);
    return turned;
  }
}
