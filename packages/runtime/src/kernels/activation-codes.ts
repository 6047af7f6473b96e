import type { Activation } from '../graph/graph.js';

/** What the kernels call the activations. */
export const ACTIVATION_CODES: Readonly<Record<Activation, number>> = { linear: 0, relu: 1, relu6: 2 };
