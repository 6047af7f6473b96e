import { Variable } from '@tensorflow/tfjs-core';
import { InvalidOptionError, UnknownLayerError } from '../../errors/option-errors.js';
import { checkOptions } from '../../options/check-options.js';
import { DuplicateWeightError } from '../errors.js';
import { type ModelWeight, weightRules } from './model-weight.js';

/** The weights of one session, found by stable name or by the variable's name. */
export class WeightTable {
  readonly trainable: readonly ModelWeight[];
  readonly prunable: readonly ModelWeight[];
  readonly #byName = new Map<string, ModelWeight>();
  readonly #byVariable = new Map<string, ModelWeight>();

  constructor(readonly all: readonly ModelWeight[]) {
    if (!Array.isArray(all) || all.length === 0) {
      throw new InvalidOptionError('weights', all, 'a list of weights that is not empty, e.g. modelWeights(model)');
    }
    for (const [i, weight] of all.entries()) {
      checkOptions<ModelWeight>(weight, weightRules, `weights[${i}]`);
      this.#add(weight);
    }
    this.trainable = all.filter(weight => weight.trainable);
    this.prunable = all.filter(weight => weight.prunable);
  }

  #add(weight: ModelWeight): void {
    const { name, variable, trainable } = weight;
    if (!(variable instanceof Variable))
      throw new InvalidOptionError(`weights["${name}"].variable`, variable, 'a tf.Variable');
    if (variable.isDisposed) throw new InvalidOptionError(`weights["${name}"].variable`, 'disposed', 'alive');
    if (trainable && !variable.trainable) {
      throw new InvalidOptionError(
        `weights["${name}"].trainable`,
        true,
        'false, because the variable is not trainable',
      );
    }
    if (this.#byName.has(name)) throw new DuplicateWeightError(name);
    if (this.#byVariable.has(variable.name)) {
      throw new InvalidOptionError(`weights["${name}"].variable`, variable.name, 'a variable that is listed only once');
    }
    this.#byName.set(name, weight);
    this.#byVariable.set(variable.name, weight);
  }

  get(name: string): ModelWeight | undefined {
    return this.#byName.get(name);
  }

  byVariable(variableName: string): ModelWeight | undefined {
    return this.#byVariable.get(variableName);
  }

  /** The prunable weight of that name, or an error that says who asked for it. */
  needPrunable(name: string, where: string): ModelWeight {
    const weight = this.#byName.get(name);
    if (!weight?.prunable) {
      throw new UnknownLayerError(
        name,
        this.prunable.map(known => known.name),
        where,
      );
    }
    return weight;
  }
}
