import { EspalierError } from './espalier-error.js';

/** A model topology is malformed, contradicts itself, or does not belong to the weights. */
export class InvalidTopologyError extends EspalierError {
  override readonly name = 'InvalidTopologyError';
  readonly code = 'INVALID_TOPOLOGY';

  /** @param reason - What is wrong, where, and what to do, in full sentences. */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`This is not a usable model topology. ${reason}`, options);
  }
}

/** What a class that a topology names is for. */
export type TopologyClassKind = 'layer' | 'activation' | 'initializer' | 'regularizer' | 'constraint';

/** A model topology names a class that neither TensorFlow.js has nor anybody registered. */
export class UnregisteredClassError extends EspalierError {
  override readonly name = 'UnregisteredClassError';
  readonly code = 'UNREGISTERED_CLASS';

  /**
   * @param className - The class.
   * @param kind - What it is for.
   * @param layer - Name of the layer that needs it.
   */
  constructor(
    readonly className: string,
    readonly kind: TopologyClassKind,
    readonly layer: string,
  ) {
    super(
      `The ${kind} ${JSON.stringify(className)}${kind === 'layer' ? ` (called ${JSON.stringify(layer)})` : ` of layer ${JSON.stringify(layer)}`} ` +
        'is unknown to TensorFlow.js. If the class is yours, register it before you load the model: ' +
        'tf.serialization.registerClass(TheClass). Otherwise put what it computes together from layers that TensorFlow.js has, ' +
        'and export the model again.',
    );
  }
}

/**
 * A layer of a model topology has an option that TensorFlow.js would drop without a word, so that the network would
 * compute something else.
 */
export class UnsupportedLayerOptionError extends EspalierError {
  override readonly name = 'UnsupportedLayerOptionError';
  readonly code = 'UNSUPPORTED_LAYER_OPTION';

  /**
   * @param layer - Name of the layer.
   * @param className - Its class.
   * @param option - The option, as the topology spells it.
   * @param reason - The option with its value, and what would be supported, without a full stop.
   */
  constructor(
    readonly layer: string,
    readonly className: string,
    readonly option: string,
    readonly reason: string,
  ) {
    super(
      `The layer ${JSON.stringify(layer)} (${className}) has ${reason}. TensorFlow.js cannot carry that out. Change the ` +
        'option, or compute the same with other layers, and export the model again.',
    );
  }
}

/** Weights are not those that a model topology asks for. */
export class TopologyWeightsError extends EspalierError {
  override readonly name = 'TopologyWeightsError';
  readonly code = 'TOPOLOGY_WEIGHTS_MISMATCH';

  /** @param reason - Which weight, what its layer declares and what is stored, as a sentence. */
  constructor(readonly reason: string) {
    super(`The weights are not those of the model topology. ${reason} Take topology and weights from one save.`);
  }
}
