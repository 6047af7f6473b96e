import type { Heap } from '../engine/engine.js';
import type { Activation, PlainActivation } from '../graph/activation.js';
import { floatBits, writeWords } from './write-record.js';

/** SELU's two factors. */
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];

/** What `assembly/activation.ts` calls the activations without parameters; those up to 2 are words, not addresses. */
const CODES: Readonly<Record<PlainActivation, number>> = {
  linear: 0,
  relu: 1,
  relu6: 2,
  sigmoid: 4,
  tanh: 5,
  selu: 6,
  softplus: 7,
  softsign: 8,
  swish: 9,
  hardSwish: 10,
  gelu: 12,
  geluTanh: 13,
  mish: 14,
  exponential: 15,
};

/** The largest code that a record holds instead of an address. */
const LAST_PLAIN = 2;

/**
 * The word that stands for an activation in records: a code that the loops of products know, or the address of a code
 * and three parameters.
 */
export function activationWord(heap: Heap, activation: Activation): number {
  if (typeof activation === 'string') {
    const code = CODES[activation];
    if (code <= LAST_PLAIN) return code;
    return activation === 'selu' ? curve(heap, code, SELU_ALPHA, SELU_SCALE) : curve(heap, code);
  }
  switch (activation.kind) {
    case 'rectifier':
      return curve(heap, 3, activation.slope, activation.threshold, activation.maximum);
    case 'elu':
      return curve(heap, 6, activation.alpha, 1);
    case 'hardSigmoid':
      return curve(heap, 11, activation.slope, activation.offset);
  }
}

function curve(heap: Heap, code: number, a = 0, b = 0, c = 0): number {
  return writeWords(heap, [code, floatBits(a), floatBits(b), floatBits(c)]);
}
