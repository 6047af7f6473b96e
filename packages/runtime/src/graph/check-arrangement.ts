import type { Shape } from './graph.js';
import { inRange, maximumLength } from './node-limits.js';
import type { NodeSpec } from './node-spec.js';
import { channelsOf, sizeOf } from './shape-of.js';

/** Refuses factors, blocks, orders and targets of nodes that move entries, where they make no sense. */
export function checkArrangement(spec: NodeSpec, input: Shape, fail: (spec: NodeSpec, reason: string) => never): void {
  const checkPair = (what: string, pair: readonly number[]): void => {
    if (pair.length === 2 && pair.every(value => inRange(value, 1))) return;
    fail(spec, `Its ${what} are [${pair}], but must be two integers from 1 to ${maximumLength}.`);
  };
  if (spec.kind === 'upsampling') checkPair('factors', spec.factors);
  if (spec.kind === 'depthToSpace') {
    checkPair('block sizes', spec.block);
    const size = spec.block[0] * spec.block[1];
    if (channelsOf(input) % size !== 0)
      fail(spec, `Its blocks have ${size} pixels, which do not divide ${channelsOf(input)} channels.`);
  }
  if (spec.kind === 'permute' && [...spec.order].sort().join() !== '0,1,2') {
    fail(spec, `Its order is [${spec.order}], but must hold the axes 0, 1 and 2 once each.`);
  }
  if (spec.kind === 'reshape') {
    const { target } = spec;
    const isShape = (target.length === 1 || target.length === 3) && target.every(size => inRange(size, 1));
    if (!isShape || sizeOf(target) !== sizeOf(input))
      fail(spec, `It reshapes [${input}] to [${target}]. Both must have as many entries, and one or three axes.`);
  }
}
