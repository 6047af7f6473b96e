import * as tf from '@tensorflow/tfjs-core';
import type { CustomCallbackArgs, ModelFitArgs } from '@tensorflow/tfjs-layers';
import { InvalidOptionError } from '../../../errors/option-errors.js';
import type { SessionCallback } from './session-callback.js';

/**
 * An instance of a `Callback` class of TensorFlow.js, e.g. `callbacks.earlyStopping()`. (Named by two methods alone, so
 * that the parameters of functions written beside it keep their types.)
 */
export interface CallbackInstance {
  /** Takes the settings of the run. */
  setParams(params: never): void;
  /** Takes the model that is trained. */
  setModel(model: never): void;
}

/**
 * What {@link PruningSession.callbacks} takes: an object of callback functions, an instance of a class, or a list of
 * these.
 */
export type AnyCallback = CallbackInstance | CustomCallbackArgs | readonly AnyCallback[];

/** What `fit` takes in its option `callbacks`. */
export type FitCallbacks = NonNullable<ModelFitArgs['callbacks']>;

/** Milliseconds from one turn of the event loop to the next, for the words that TensorFlow.js knows. */
const pauses: Readonly<Record<string, number>> = { auto: 125, batch: 0, epoch: Infinity, never: Infinity };

type Logs = Record<string, number | tf.Scalar> | undefined;

/** Callback functions that instances have as methods. */
const functions = ['onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd', 'onBatchBegin', 'onBatchEnd'] as const;

/**
 * Callbacks of all kinds as one list that TensorFlow.js runs in this order. By itself it takes a list of instances or
 * one of objects of functions, goes by the first entry, and misunderstands the others.
 */
export function mixedCallbacks(callbacks: unknown, yieldEvery: ModelFitArgs['yieldEvery'] = 'auto'): FitCallbacks {
  const list = flatten(callbacks);
  const base = list.flatMap(entry => basePrototype(entry) ?? [])[0];
  if (!base) return list as CustomCallbackArgs[];
  const pause = pauses[yieldEvery] ?? Number(yieldEvery);
  return list.map(entry => (basePrototype(entry) ? entry : instanceOf(entry, base, pause))) as SessionCallback[];
}

function flatten(callbacks: unknown): readonly object[] {
  if (callbacks === undefined || callbacks === null) return [];
  if (Array.isArray(callbacks)) return callbacks.flatMap(flatten);
  if (typeof callbacks === 'object') return [callbacks];
  throw new InvalidOptionError(
    'callbacks',
    callbacks,
    'made of callbacks: instances, objects of functions, lists of these',
  );
}

function isInstance(entry: object): boolean {
  const { setParams, setModel } = entry as Partial<CallbackInstance>;
  return typeof setParams === 'function' && typeof setModel === 'function';
}

/** `BaseCallback.prototype` of the TensorFlow.js that an instance is from; undefined for a plain object. */
function basePrototype(entry: object): object | undefined {
  if (!isInstance(entry)) return undefined;
  let base: object | undefined;
  for (
    let above = Object.getPrototypeOf(entry);
    above && above !== Object.prototype;
    above = Object.getPrototypeOf(above)
  ) {
    base = above;
  }
  return base;
}

/**
 * An object of functions as an instance, which passes logs as numbers and lets others work now and then, as
 * TensorFlow.js does.
 */
function instanceOf(entry: object, base: object, pause: number): object {
  const plain = entry as Record<string, unknown>;
  const instance: object = Object.create(base);
  Object.assign(instance, { params: {}, validationData: [], setParams: () => {}, setModel: () => {} });
  const yieldNow = yielding(entry as CustomCallbackArgs, pause);
  for (const name of functions) {
    const call = plain[name];
    Object.assign(instance, {
      [name]: async (...args: readonly [unknown?, unknown?]): Promise<void> => {
        if (typeof call === 'function') {
          await asNumbers(args.at(-1) as Logs | number);
          await call.apply(entry, args);
        }
        await yieldNow(name, args);
      },
    });
  }
  return instance;
}

/**
 * Ends a turn of the event loop after a batch, and calls `onYield` then, if the last time is `pause` milliseconds ago.
 */
function yielding(
  { onYield }: CustomCallbackArgs,
  pause: number,
): (name: string, args: readonly [unknown?, unknown?]) => Promise<void> {
  let epoch = 0;
  let last = Number.NEGATIVE_INFINITY;
  return async (name, [index, logs]) => {
    if (name === 'onEpochBegin') epoch = Number(index);
    if (name !== 'onBatchEnd' || tf.util.now() - last < pause) return;
    last = tf.util.now();
    if (onYield) {
      await asNumbers(logs as Logs);
      await onYield(epoch, Number(index), logs as Record<string, number>);
    }
    await tf.nextFrame();
  };
}

/** Replaces tensors in logs by their values, in place. */
async function asNumbers(logs: Logs | number): Promise<void> {
  if (typeof logs !== 'object' || logs === null) return;
  for (const [key, value] of Object.entries(logs)) {
    if (typeof value === 'number') continue;
    logs[key] = (await value.data())[0] ?? Number.NaN;
    tf.dispose(value);
  }
}
