import { nextFrame } from '@tensorflow/tfjs-core';

/**
 * Makes a function that lets timers, signals and the browser's drawing have their turn, at most once in so many
 * milliseconds. A step on the CPU or WASM never leaves the microtask queue by itself, so without this nothing else
 * would run until the end.
 */
export function yieldToEventLoop(milliseconds: number): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < milliseconds) return;
    await nextFrame();
    last = performance.now();
  };
}
