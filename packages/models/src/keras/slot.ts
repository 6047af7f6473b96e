import type * as tf from '@tensorflow/tfjs-layers';

/** A variable of a layer; tfjs exports no type for it. */
type LayerVariable = tf.LayersModel['weights'][number];

/** A weight of a model, and how Keras may call it. */
export interface KerasSlot {
  /** Our stable name, `conv1/kernel`. */
  readonly name: string;
  readonly layer: string;
  readonly variable: LayerVariable;
  /** Names of the weight within its layer: its own, its place, and Keras 3's where that is another. */
  readonly parameters: readonly string[];
  /** True for weights of dense layers, which Keras may store as a 1x1 convolution. */
  readonly dense: boolean;
}

/** Every weight of a layer, in a nested model by the names of the layers in there. */
export function slotsOf(layer: tf.layers.Layer): KerasSlot[] {
  const dense = layer.getClassName() === 'Dense';
  const places = new Map<string, number>();
  return layer.weights.map(variable => {
    const name = variable.originalName;
    const [own = name, owner = layer.name] = name.split('/').reverse();
    const place = places.get(owner) ?? 0;
    places.set(owner, place + 1);
    const parameters = own === 'depthwise_kernel' ? [own, 'kernel', `${place}`] : [own, `${place}`];
    return { name, layer: owner, variable, parameters, dense };
  });
}

/** True if a tensor of this shape can fill the weight: the same shape, or that of a 1x1 convolution for a dense layer. */
export function fits({ variable, dense }: KerasSlot, shape: readonly number[]): boolean {
  const own = variable.shape.join();
  return own === shape.join() || (dense && variable.shape.length === 2 && `1,1,${own}` === shape.join());
}
