/**
 * The tensor arithmetic that a {@link Reparameterization} may use, without a tensor library: `T` is a `tf.Tensor` in a
 * session and whatever a test likes elsewhere. All operations are elementwise unless they say otherwise; shapes are
 * equal, or one operand is a number or a one-entry tensor, which applies to every entry.
 *
 * @experimental
 */
export interface TensorOperations<T> {
  /** `a + b`. */
  add(a: T, b: T | number): T;
  /** `a - b`. */
  sub(a: T, b: T | number): T;
  /** `a * b`. */
  mul(a: T, b: T | number): T;
  /** `|a|`. */
  abs(a: T): T;
  /** −1, 0 or 1. */
  sign(a: T): T;
  /** `max(a, 0)`. */
  relu(a: T): T;
  /** `1 / (1 + exp(-a))`, without overflow for any finite `a`. */
  sigmoid(a: T): T;
  /** `e^a`. */
  exp(a: T): T;
  /** `chosen` where `a > b`, `otherwise` elsewhere, also where the one not taken is NaN. */
  whereGreater(a: T, b: T | number, chosen: T, otherwise: T | number): T;
  /** Sum of all entries, as a tensor with one entry. */
  sum(a: T): T;
}
