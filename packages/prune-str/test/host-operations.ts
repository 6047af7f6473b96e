import type { TensorOperations } from '@espalier/core';

/** Entries of a tensor on the host. */
export type Host = readonly number[];

/**
 * The arithmetic of a reparameterization on the host, every result rounded by `round`: `Math.fround` for single
 * precision.
 */
export function hostOperations(round: (value: number) => number = value => value): TensorOperations<Host> {
  const at = (operand: Host | number, i: number): number => {
    if (typeof operand === 'number') return operand;
    return (operand.length === 1 ? operand[0] : operand[i]) ?? Number.NaN;
  };
  const sizeOf = (...operands: (Host | number)[]): number =>
    Math.max(...operands.map(operand => (typeof operand === 'number' ? 1 : operand.length)));
  const each = (f: (...values: number[]) => number, ...operands: (Host | number)[]): Host =>
    Array.from({ length: sizeOf(...operands) }, (_, i) => round(f(...operands.map(operand => at(operand, i)))));
  return {
    add: (a, b) => each((x = 0, y = 0) => x + y, a, b),
    sub: (a, b) => each((x = 0, y = 0) => x - y, a, b),
    mul: (a, b) => each((x = 0, y = 0) => x * y, a, b),
    abs: a => each(Math.abs, a),
    sign: a => each(Math.sign, a),
    relu: a => each((x = 0) => Math.max(x, 0), a),
    sigmoid: a => each((x = 0) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))), a),
    exp: a => each(Math.exp, a),
    whereGreater: (a, b, chosen, otherwise) =>
      each((x = 0, y = 0, yes = 0, no = 0) => (x > y ? yes : no), a, b, chosen, otherwise),
    sum: a => [round(a.reduce((sum, value) => sum + value, 0))],
  };
}
