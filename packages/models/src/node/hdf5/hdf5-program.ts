import type * as H5 from 'h5wasm';

/** An entry of an HDF5 file, as far as it is needed: no values of datasets. */
export type Hdf5Node =
  | {
      readonly kind: 'group';
      readonly path: string;
      readonly attributes: ReadonlyMap<string, unknown>;
      readonly entries: ReadonlyMap<string, Hdf5Node>;
    }
  | {
      readonly kind: 'dataset';
      readonly id: number;
      readonly type: number;
      readonly size: number;
      readonly shape: readonly number[] | null;
    }
  | { readonly kind: 'other'; readonly problem?: string };

/** Where an HDF5 file is: a part of a file on disk, or in memory. */
export type Hdf5Place =
  | { readonly path: string; readonly start: number; readonly length: number }
  | { readonly bytes: Uint8Array };

/** What the program gets when it starts. */
export interface Hdf5Order {
  /** Address of the library. */
  readonly library: string;
  readonly place: Hdf5Place;
  /** The most bytes by which the library's memory may grow. */
  readonly memoryLimit: number;
}

/** What the program says: the tree of the file, then the values of the datasets that are asked for by their ids. */
export type Hdf5Report =
  | { readonly kind: 'tree'; readonly root: Hdf5Node }
  | { readonly kind: 'values'; readonly values: readonly (Float32Array | Float64Array)[] }
  | { readonly kind: 'missing' | 'memory' | 'damaged'; readonly reason: string };

/** What the program uses of the library's file system: the size of a file, and how it is read. */
interface FileSystem {
  writeFile(path: string, bytes: Uint8Array): void;
  lookupPath(path: string): {
    readonly node: {
      usedBytes: number;
      stream_ops: {
        read(stream: unknown, into: Int8Array, offset: number, length: number, position: number): number;
      };
    };
  };
}

/** What the program uses of its thread. */
export interface Hdf5Thread {
  say(report: Hdf5Report, transfer?: ArrayBuffer[]): void;
  /** Waits for the ids of the datasets to read. */
  heard(): Promise<readonly number[]>;
  load(address: string): Promise<typeof H5>;
  /** Reads parts of the file, so that it need not be in memory: `read` gives how many bytes it wrote. */
  open(place: Hdf5Place): {
    readonly length: number;
    read(into: Int8Array, offset: number, length: number, position: number): number;
  };
}

/**
 * Reads an HDF5 file in a thread of its own, where it may hang, and where its memory may not grow over its limit. The
 * library reads it in a file system of its own: links to other files lead nowhere.
 *
 * Its text is sent to the thread: it must use nothing but its arguments and globals.
 */
export async function hdf5Program(order: Hdf5Order, thread: Hdf5Thread): Promise<void> {
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  let grown = 0;
  let refused = false;
  prototype.grow = function growWithin(this: WebAssembly.Memory, pages: number): number {
    refused ||= grown + pages * 65_536 > order.memoryLimit;
    if (refused) throw new RangeError('over the limit of memory');
    grown += pages * 65_536;
    return grow.call(this, pages);
  };
  let h5: typeof H5;
  try {
    h5 = await thread.load(order.library);
    await h5.ready;
  } catch (error) {
    thread.say({ kind: 'missing', reason: String(error) });
    return;
  }
  const datasets: H5.Dataset[] = [];
  let nodes = 0;
  const isFatal = (error: unknown): boolean => refused || error instanceof WebAssembly.RuntimeError;
  const describe = (entity: H5.Entity | null, depth: number): Hdf5Node => {
    nodes += 1;
    if (nodes > 100_000 || depth > 60) throw new WebAssembly.RuntimeError('its groups are nested without end');
    if (entity instanceof h5.Dataset) {
      const {
        type,
        size,
        enum_type: base,
      } = entity.metadata as H5.Metadata & { readonly enum_type?: { readonly type: number } };
      datasets.push(entity);
      return { kind: 'dataset', id: datasets.length - 1, type: base?.type ?? type, size, shape: entity.shape };
    }
    if (!(entity instanceof h5.Group)) return { kind: 'other' };
    const attributes = new Map<string, unknown>();
    for (const name of Object.keys(entity.attrs)) {
      if (/^(layer_names|weight_names)\d*$|^name$|^model_config$/.test(name))
        attributes.set(name, entity.attrs[name]?.value);
    }
    const entries = new Map<string, Hdf5Node>();
    for (const name of entity.keys()) {
      if (name === 'optimizer_weights' || name === 'optimizer') continue;
      try {
        entries.set(name, describe(entity.get(name), depth + 1));
      } catch (error) {
        if (isFatal(error)) throw error;
        entries.set(name, { kind: 'other', problem: String(error) });
      }
    }
    return { kind: 'group', path: entity.path, attributes, entries };
  };
  const numbersOf = (dataset: H5.Dataset): Float32Array | Float64Array => {
    const { value } = dataset;
    const list = (typeof value === 'number' || typeof value === 'bigint' ? [value] : value) as ArrayLike<
      number | bigint
    >;
    if (!ArrayBuffer.isView(list) && !Array.isArray(list)) throw new TypeError('it holds no numbers');
    const whole =
      list instanceof Float32Array || list instanceof Float64Array
        ? list
        : Float64Array.from(list as ArrayLike<number>, Number);
    if (list === whole && list instanceof Float32Array) return list; // a copy of its own
    const floats = Float32Array.from(whole);
    if (list === whole) return floats;
    return floats.every((float, i) => float === whole[i]) ? floats : (whole as Float64Array);
  };
  try {
    const module = await h5.ready;
    module.activate_throwing_error_handler();
    const source = thread.open(order.place);
    const { FS } = module as unknown as { readonly FS: FileSystem };
    FS.writeFile('/file.h5', new Uint8Array());
    const { node } = FS.lookupPath('/file.h5');
    node.usedBytes = source.length;
    node.stream_ops = {
      ...node.stream_ops,
      read: (_, into, offset, length, position) =>
        source.read(into, offset, Math.max(0, Math.min(length, source.length - position)), position),
    };
    const file = new h5.File('/file.h5', 'r');
    thread.say({ kind: 'tree', root: describe(file, 0) });
    const values = (await thread.heard()).map(id => numbersOf(datasets[id] as H5.Dataset));
    thread.say(
      { kind: 'values', values },
      values.map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    thread.say({ kind: refused ? 'memory' : 'damaged', reason: String(error) });
  }
}
