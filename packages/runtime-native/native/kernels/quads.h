/*
 * Four output rows without zeros, `VECTORS` vectors of them: what is read of `x` serves all four. Included once for
 * every number of vectors.
 */
static void NAME(quads, VECTORS)(const char *heap, const quad_entry_t *entry, const quad_nonzero_t *nonzero,
                                 const char *x, char *y, const char *residual, bool first, uint32_t activation) {
  vec sums[4][VECTORS];
  for (int r = 0; r < 4; r++) {
    const uint32_t offset = entry->rows[r].offset;
    const vec bias = splat(entry->rows[r].bias);
    for (int i = 0; i < VECTORS; i++) {
      if (!first) sums[r][i] = vload(y + offset + i * WIDTH * 4);
      else if (residual != NULL) sums[r][i] = bias + vload(residual + offset + i * WIDTH * 4);
      else sums[r][i] = bias;
    }
  }
  const quad_nonzero_t *end = (const quad_nonzero_t *)(heap + entry->end);
  for (; nonzero < end; nonzero++) {
    const char *from = x + nonzero->offset;
    vec pixels[VECTORS];
    for (int i = 0; i < VECTORS; i++) pixels[i] = vload(from + i * WIDTH * 4);
    for (int r = 0; r < 4; r++) {
      const vec weight = splat(nonzero->weights[r]);
      for (int i = 0; i < VECTORS; i++) sums[r][i] = fma_of(pixels[i], weight, sums[r][i]);
    }
  }
  for (int r = 0; r < 4; r++) {
    char *out = y + entry->rows[r].offset;
    for (int i = 0; i < VECTORS; i++) {
      vec sum = sums[r][i];
      if (activation != LINEAR) sum = at_least(sum, 0);
      if (activation == RELU6) sum = at_most(sum, 6);
      vstore(out + i * WIDTH * 4, sum);
    }
  }
}
#undef VECTORS
