import * as tf from '@tensorflow/tfjs-core';

/** The parts of TensorFlow.js' engine that note operations for gradients. */
interface Engine {
  readonly state: {
    readonly gradientDepth: number;
    activeTape: readonly { readonly saved?: readonly tf.Tensor[] }[] | null;
  };
  endTape(): void;
}

let failing = false;
let watched: Engine | undefined;

/**
 * Gives back, after a kernel failed, the tensors that were saved for its gradients, which TensorFlow.js keeps for ever.
 * While operations are still being noted that is done when noting ends, unless another kernel has succeeded by then.
 */
export function afterFailure(): void {
  const engine = watch();
  if (engine.state.gradientDepth === 0) dropTape(engine);
  else failing = true;
}

/** Says that a kernel has succeeded. */
export function afterSuccess(): void {
  failing = false;
}

function watch(): Engine {
  const engine = tf.engine() as unknown as Engine;
  if (engine === watched) return engine;
  watched = engine;
  const own = engine.endTape;
  engine.endTape = () => {
    own.call(engine);
    if (failing && engine.state.gradientDepth === 0) dropTape(engine);
  };
  return engine;
}

function dropTape({ state }: Engine): void {
  failing = false;
  for (const { saved } of state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose();
  state.activeTape = null;
}
