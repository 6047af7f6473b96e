import { bandWidth, eachBlock, factorLength, gradientStart, SEGMENT, segmentRows } from './band.js';
import type { FisherWork } from './executor.js';
import type { LayerPlan } from './plan.js';
import { type FisherData, type FisherTask, fileBytes } from './task.js';

interface Part {
  readonly band: LayerPlan['bands'][number];
  /** First entry of the band within the layer. */
  readonly begin: number;
  /** Where gradients are put before work is done on them; all gradients of the band in the Gram form in memory. */
  readonly staging: Float32Array;
  readonly data: FisherData;
}

/**
 * The Fisher matrix of one layer. Use: `put` N times, carrying out `intake` after each segment; `invert`; `multiply`.
 */
export class LayerFisher {
  /** Row-major indices of the active entries, in the order of the vectors. */
  readonly entries: Uint32Array;
  /** [F⁻¹]ᵢᵢ of the active entries, all > 0; after `invert`. */
  readonly diagonal: Float64Array;
  /** What `multiply` replaces by its product with F⁻¹. */
  readonly vector: Float64Array;
  readonly #parts: readonly Part[];

  /** @param fileAt - Byte of the file at which the layer begins; undefined: it is in memory. */
  constructor({ layout, bands }: LayerPlan, work: FisherWork, fileAt?: number) {
    const size = layout.entries.length;
    this.entries = layout.entries;
    this.diagonal = new Float64Array(work.allocate(8 * size));
    this.vector = new Float64Array(work.allocate(8 * size));
    let begin = 0;
    let at = fileAt ?? 0;
    this.#parts = bands.map(band => {
      const held = fileAt === undefined && band.form === 'gram';
      const rows = held ? band.count : Math.min(SEGMENT, band.count);
      const staging = new Float32Array(work.allocate(4 * rows * bandWidth(band)));
      const factors = (): Float64Array => new Float64Array(work.allocate(8 * factorLength(band)));
      const gradients = held ? staging : new Float32Array(0);
      const part = { band, begin, staging, data: fileAt === undefined ? { gradients, factors: factors() } : { at } };
      begin += bandWidth(band);
      at += fileBytes(band);
      return part;
    });
  }

  /** Copies gradient n, dense and row-major over the layer. The array may be reused afterwards. */
  put(gradient: Float32Array, n: number): void {
    for (const { band, begin: start, staging, data } of this.#parts) {
      const first = n - (n % SEGMENT);
      const origin = 'gradients' in data && data.gradients === staging ? 0 : first * bandWidth(band);
      eachBlock(band, (begin, width) => {
        const to = gradientStart(band, n, begin, width) - origin;
        for (let i = 0; i < width; i++) staging[to + i] = gradient[this.entries[start + begin + i]!]!;
      });
    }
  }

  /** What is to be done once the segment that begins with gradient `first` is complete. */
  intake(first: number): FisherTask[] {
    return this.#parts.flatMap(({ band, staging, data }): FisherTask[] => {
      if ('gradients' in data && data.gradients === staging) return [];
      const kind = 'at' in data ? 'write' : 'accumulate';
      return [{ kind, band, segment: staging, rows: segmentRows(first, band.count), first, data }];
    });
  }

  /** Tasks that end the stream and write the diagonal, one for each band. */
  invert(): FisherTask[] {
    return this.#tasks('invert', this.diagonal);
  }

  /** Tasks that replace `vector`. */
  multiply(): FisherTask[] {
    return this.#tasks('multiply', this.vector);
  }

  #tasks(kind: 'invert' | 'multiply', vector: Float64Array): FisherTask[] {
    return this.#parts.map(({ band, begin, data }) => {
      return { kind, band, vector: vector.subarray(begin, begin + bandWidth(band)), data };
    });
  }
}
