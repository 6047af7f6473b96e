import { OnnxFileError } from '../errors.js';
import { curvePoints } from './curves.js';
import { channelsLast, inOrder, isSame, layerShape, sizeOf, type Value } from './entry.js';
import { refuse } from './refusal.js';

/** A weight of a layer, in TensorFlow.js's layout. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A layer that was found, in the words of a topology. */
export interface FoundLayer {
  readonly name: string;
  readonly className: string;
  readonly config: Record<string, unknown>;
  readonly inputs: readonly string[];
  readonly weights: ReadonlyMap<string, Weight>;
}

/** What {@link LayerList.add} needs beside the layer. */
export interface Added {
  readonly className: string;
  readonly name: string;
  readonly config?: Record<string, unknown>;
  readonly weights?: Readonly<Record<string, Weight>>;
  readonly inputs: readonly Value[];
  /** Shape of the result in ONNX, without the batch. */
  readonly shape: readonly number[];
  readonly perm: readonly number[];
  readonly atLeastZero?: boolean;
}

/** Most entries of one value, for one example. */
const mostEntries = 2 ** 28;

/** A value that begins an elementwise chain. */
export function withOwnCurve(value: Value): Value {
  const source: Value = { ...value, curves: [] };
  return { ...source, curves: [{ source, samples: curvePoints }] };
}

/** All numbers of an image in a row, in ONNX's order, without turning it yet. */
export function inARow(image: Value, shape: readonly number[]): Value {
  return withOwnCurve({ ...image, shape, perm: [0], flattened: image });
}

/** Collects layers, each name once. */
export class LayerList {
  readonly layers: Map<string, FoundLayer> = new Map();
  #weights = 0;
  readonly #turned = new Map<string, Value>();
  /** Vectors by the layer that made an image of one place of them. */
  readonly #vectors = new Map<string, Value>();
  readonly #lower = new Set<string>();

  /** @param mostWeights - Most numbers of all weights, so that one tensor is not copied for each of many nodes. */
  constructor(readonly mostWeights: number) {}

  /** The name, or one with a number, if it is taken in any case. */
  freeName(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.#lower.has(name.toLowerCase()); i++) name = `${wanted}_${i}`;
    this.#lower.add(name.toLowerCase());
    return name;
  }

  add({ className, name: wanted, config = {}, weights = {}, inputs, ...result }: Added): Value {
    for (const { values } of Object.values(weights)) this.#weights += values.length;
    if (this.#weights > this.mostWeights)
      throw new OnnxFileError('ONNX_FILE_LIMIT', 'Its nodes have far more weights than it has numbers.');
    const name = this.freeName(wanted);
    const found = { name, className, config, inputs: inputs.map(input => this.settled(input).layer) };
    this.layers.set(name, { ...found, weights: new Map(Object.entries(weights)) });
    const { shape, perm, atLeastZero = false } = result;
    if (result.shape.some(side => side < 1) || sizeOf(shape.map(side => (Number.isNaN(side) ? 1 : side))) > mostEntries)
      refuse(`a result of shape [batch, ${shape.join(', ')}]`);
    return withOwnCurve({ kind: 'value', layer: name, shape, perm, atLeastZero, flattened: undefined, curves: [] });
  }

  /** The same value with its axes in another order in TensorFlow.js. */
  as(given: Value, perm: readonly number[]): Value {
    const value = this.settled(given);
    if (isSame(value.perm, perm)) return value;
    const shape = layerShape(value);
    const key = `${value.layer} ${value.perm.join()} ${perm.join()}`;
    const known = this.#turned.get(key);
    if (known) return { ...known, atLeastZero: value.atLeastZero };
    // Axis perm[i] of the result is axis value.perm[i] of what there is.
    const dims = shape.map(() => 0);
    for (const [axis, to] of perm.entries()) dims[to] = (value.perm[axis] as number) + 1;
    const { shape: kept, atLeastZero } = value;
    const turned = this.add({
      className: 'Permute',
      name: `${value.layer}_turned`,
      config: { dims },
      inputs: [value],
      shape: kept,
      perm,
      atLeastZero,
    });
    this.#turned.set(key, turned);
    return turned;
  }

  /** Images and sequences with the channels last in TensorFlow.js. */
  image(value: Value): Value {
    return this.as(value, channelsLast(value.shape.length));
  }

  /** The value with its numbers in ONNX's order, if that was put off. */
  settled(value: Value): Value {
    const { flattened, shape } = value;
    if (!flattened) return value;
    const ordered = this.as(flattened, inOrder(flattened.shape.length));
    return this.flat(ordered, shape);
  }

  /** All numbers of a value in a row, in the order of TensorFlow.js. */
  flat(value: Value, shape: readonly number[]): Value {
    const key = `${value.layer} flat`;
    const known = this.#turned.get(key);
    if (known) return known;
    const { atLeastZero } = value;
    const flat = this.add({
      className: 'Flatten',
      name: `${value.layer}_flat`,
      inputs: [value],
      shape,
      perm: [0],
      atLeastZero,
    });
    this.#turned.set(key, flat);
    return flat;
  }

  /** As many numbers in another shape, in ONNX's order. */
  reshape(value: Value, shape: readonly number[], name: string): Value {
    if (isSame(value.shape, shape)) return value;
    const { atLeastZero } = value;
    const [from, to] = [value.shape, shape].map(sides => sides.filter(side => side !== 1)) as [number[], number[]];
    const rank = shape.length;
    if (rank === 1 && !value.flattened && value.shape.length > 1) {
      const reordered = !isSame(value.perm, inOrder(value.shape.length)) && from.length > 1;
      return reordered ? inARow(value, shape) : (this.#vectors.get(value.layer) ?? this.flat(value, shape));
    }
    // One number for each channel stays where it is.
    if (rank === 3 && isSame(from, to) && to.length <= 1 && shape.slice(1).every(side => side === 1)) {
      const target_shape = layerShape({ shape, perm: channelsLast(rank) });
      const config = { target_shape };
      const source = this.settled(value);
      const place = this.add({
        className: 'Reshape',
        name,
        config,
        inputs: [source],
        shape,
        perm: channelsLast(rank),
        atLeastZero,
      });
      if (source.shape.length === 1) this.#vectors.set(place.layer, source);
      return place;
    }
    const ordered = this.as(value, inOrder(value.shape.length));
    const config = { target_shape: [...shape] };
    return this.add({ className: 'Reshape', name, config, inputs: [ordered], shape, perm: inOrder(rank), atLeastZero });
  }

  /** Folds numbers for each channel into a layer that has a kernel. */
  replace(name: string, change: (layer: FoundLayer) => FoundLayer): void {
    const layer = this.layers.get(name);
    if (layer) this.layers.set(name, change(layer));
  }
}
