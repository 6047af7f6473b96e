import * as tf from '@tensorflow/tfjs-core';

/** What was built, and a way to be rid of every tensor that building made, whether layers know of it or not. */
export interface Built<T> {
  readonly result: T;
  discard(): void;
}

/**
 * Builds something; if building throws, no tensor of it stays, not even one that was to outlive its scope, as states
 * do.
 */
export function withoutLeaks<T>(build: () => T): Built<T> {
  const engine = tf.engine();
  const before = new Set(Object.keys(engine.registeredVariables));
  const tensors: tf.Tensor[] = [];
  const tracker = engine as unknown as { track: (tensor: tf.Tensor) => tf.Tensor };
  const { track } = tracker;
  const discarding = (): (() => void) => {
    const variables = Object.entries(engine.registeredVariables).flatMap(([name, it]) =>
      before.has(name) ? [] : [it],
    );
    return () => tf.dispose([...variables, ...tensors].filter(tensor => !tensor.isDisposed));
  };
  tracker.track = tensor => {
    tensors.push(tensor);
    return track.call(engine, tensor);
  };
  try {
    return { result: build(), discard: discarding() };
  } catch (error) {
    discarding()();
    throw error;
  } finally {
    tracker.track = track;
  }
}
