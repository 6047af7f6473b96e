/* Fully connected layers: packages/runtime/assembly/dense.ts in C. Sums are added up in another order than there. */

/* Outputs of a work item; src/kernels/dense.ts counts with the same number. */
enum { DENSE_BLOCK = 16 };

/* Bytes that are fetched ahead of what is read: weights come from far away and are read once. */
enum { FAR = 1024 };

static inline float activated(float sum, uint32_t activation) {
  if (is_curve(activation) || activation == LINEAR) return sum;
  if (sum < 0) return 0;
  return activation == RELU6 && sum > 6 ? 6 : sum;
}

static void finish_outputs(char *heap, const dense_t *r, int32_t first, int32_t last) {
  if (is_curve(r->activation))
    activate_floats(heap + r->y + 4 * (size_t)first, last - first, (const curve_t *)(heap + r->activation));
}

static inline float sum_of(vec x) {
  float floats[WIDTH], sum = 0;
  vstore((char *)floats, x);
  for (int i = 0; i < WIDTH; i++) sum += floats[i];
  return sum;
}

/* Weights are pairs of a byte offset in `x` and a value. */
static void sparse_dense(char *heap, address record, int32_t begin, int32_t end, address scratch) {
  (void)scratch;
  const dense_t *r = (const dense_t *)(heap + record);
  const dense_row_t *rows = (const dense_row_t *)(heap + r->rows);
  const char *x = heap + r->x;
  const int32_t first = begin * DENSE_BLOCK, last = least(end * DENSE_BLOCK, r->outputs);
  for (int32_t m = first; m < last; m++) {
    const char *pair = heap + rows[m].weights, *stop = heap + rows[m + 1].weights;
    vec sums = splat(0);
    for (; pair + 8 * WIDTH <= stop; pair += 8 * WIDTH) {
      __builtin_prefetch(pair + FAR);
      __builtin_prefetch(pair + FAR + 64);
      sums = add_products(pair, x, sums);
    }
    float sum = rows[m].bias + sum_of(sums);
    for (; pair < stop; pair += 8) sum += load_float(pair + 4) * load_float(x + load_word(pair));
    store_float(heap + r->y + 4 * (size_t)m, activated(sum, r->activation));
  }
  finish_outputs(heap, r, first, last);
}

/* Weights are whole rows of `inputs` floats; up to four of them at once. */
static void full_dense(char *heap, address record, int32_t begin, int32_t end, address scratch) {
  (void)scratch;
  const dense_t *r = (const dense_t *)(heap + record);
  const dense_row_t *rows = (const dense_row_t *)(heap + r->rows);
  const char *x = heap + r->x;
  const int32_t first = begin * DENSE_BLOCK, last = least(end * DENSE_BLOCK, r->outputs);
  for (int32_t m = first; m < last; m += 4) {
    const char *weights[4];
    for (int32_t row = 0; row < 4; row++) weights[row] = heap + rows[least(m + row, last - 1)].weights;
    vec sums[4] = {splat(0), splat(0), splat(0), splat(0)};
    int32_t i = 0;
    for (; i + WIDTH <= r->inputs; i += WIDTH) {
      const size_t at = (size_t)i * 4;
      const vec inputs = vload(x + at);
      for (int32_t row = 0; row < 4; row++) {
        __builtin_prefetch(weights[row] + at + FAR);
        sums[row] = fma_of(vload(weights[row] + at), inputs, sums[row]);
      }
    }
    for (int32_t row = 0; row < 4 && m + row < last; row++) {
      float sum = rows[m + row].bias + sum_of(sums[row]);
      for (int32_t k = i; k < r->inputs; k++) {
        const size_t at = (size_t)k * 4;
        sum += load_float(weights[row] + at) * load_float(x + at);
      }
      store_float(heap + r->y + 4 * (size_t)(m + row), activated(sum, r->activation));
    }
  }
  finish_outputs(heap, r, first, last);
}
