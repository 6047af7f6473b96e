/** Values and shape of one tensor on the host, row-major. */
export interface StoredTensor {
  /** Dimensions; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** One value per entry. */
  readonly values: Float32Array;
}
