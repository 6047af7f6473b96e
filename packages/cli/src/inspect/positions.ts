import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;
type Dimensions = readonly (number | null)[];

/** Layers that use every entry of their kernels once at each position of their output. */
const byOutput = new Set(['Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'DepthwiseConv2D', 'SeparableConv2D']);
/** Layers that use every entry of their kernel once at each position of their input. */
const byInput = new Set(['Conv2DTranspose', 'Conv3DTranspose']);

/**
 * How often each kernel entry is used for one input, by weight name. A convolution's padding counts as input, as is usual. Weights
 * of other layers, and of inputs whose size is open, are left out.
 */
export function kernelUses(model: LayersModel): Map<string, number> {
  const uses = new Map<string, number>();
  for (const layer of innermost(model.layers)) {
    const positions = positionsOf(layer);
    if (positions === undefined) continue;
    for (const { originalName } of layer.weights) if (/kernel$/.test(originalName)) uses.set(originalName, positions);
  }
  return uses;
}

function innermost(layers: readonly Layer[]): Layer[] {
  return layers.flatMap(layer => ('layers' in layer ? innermost(layer.layers as Layer[]) : [layer]));
}

/** Summed over the places where a shared layer stands. */
function positionsOf(layer: Layer): number | undefined {
  const name = layer.getClassName();
  const channelsFirst = layer.getConfig().dataFormat === 'channelsFirst';
  let total = 0;
  for (const { inputShapes, outputShapes } of layer.inboundNodes) {
    const shape = byOutput.has(name) ? outputShapes[0] : byInput.has(name) ? inputShapes[0] : undefined;
    const sides = spatial(shape as Dimensions | undefined, channelsFirst);
    if (sides === undefined || sides.includes(null)) return undefined;
    total += sides.reduce<number>((product, side) => product * (side ?? 0), 1);
  }
  return total;
}

/** All dimensions but the first, the examples, and the channels. */
function spatial(shape: Dimensions | undefined, channelsFirst: boolean): Dimensions | undefined {
  return channelsFirst ? shape?.slice(2) : shape?.slice(1, -1);
}
