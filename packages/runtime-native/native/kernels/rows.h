/*
 * Output rows of one tile of `VECTORS` vectors: `y = activation(start + sum of weight * x)`, one row at a time, its sums in
 * registers. Included once for every number of vectors.
 */
static void NAME(rows, VECTORS)(const char *heap, const chunk_t *chunk, const char *x, char *y, const char *residual,
                                uint32_t activation, ahead_t ahead) {
  const entry_t *entry = (const entry_t *)(heap + chunk->entries);
  const entry_t *last = (const entry_t *)(heap + chunk->last_entry);
  const nonzero_t *nonzero = (const nonzero_t *)(heap + chunk->nonzeros);
  const bool first = chunk->flags & SUMS_START;
  for (; entry < last; entry++) {
    char *out = y + entry->offset;
    for (int32_t i = 0; i < ahead.lines; i++, ahead.at += LINE) __builtin_prefetch(ahead.at, 0, 2);
    const nonzero_t *end = (const nonzero_t *)(heap + entry->end);
    vec sums[VECTORS];
    if (!first) {
      for (int i = 0; i < VECTORS; i++) sums[i] = vload(out + i * WIDTH * 4);
    } else if (residual != NULL) {
      const char *from = residual + entry->offset;
      for (int i = 0; i < VECTORS; i++) sums[i] = splat(entry->bias) + vload(from + i * WIDTH * 4);
    } else {
      for (int i = 0; i < VECTORS; i++) sums[i] = splat(entry->bias);
    }
    if (ahead.nonzeros) {
      for (const nonzero_t *far = nonzero; far < end; far += LINE / sizeof(nonzero_t)) __builtin_prefetch(far + AHEAD);
    }
    for (; nonzero < end; nonzero++) {
      const char *from = x + nonzero->offset;
      const vec weight = splat(nonzero->weight);
      for (int i = 0; i < VECTORS; i++) sums[i] = fma_of(vload(from + i * WIDTH * 4), weight, sums[i]);
    }
    if (activation != LINEAR) {
      for (int i = 0; i < VECTORS; i++) sums[i] = at_least(sums[i], 0);
      if (activation == RELU6) {
        for (int i = 0; i < VECTORS; i++) sums[i] = at_most(sums[i], 6);
      }
    }
    for (int i = 0; i < VECTORS; i++) vstore(out + i * WIDTH * 4, sums[i]);
  }
}
#undef VECTORS
