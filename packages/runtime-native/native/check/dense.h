/* Fully connected layers. */

enum { OUTPUT_BLOCK = 16 };

static const char *fault_in_nonzeros(heap_t heap, range_t written, const dense_t *r, uint64_t begin, uint64_t end) {
  if (end < begin || (end - begin) % sizeof(nonzero_t) != 0) return "the nonzeros of a row end within one";
  if (end > begin && !keeps(heap, written, begin, (end - begin) / sizeof(nonzero_t), sizeof(nonzero_t)))
    return "nonzeros lie beyond the memory";
  for (uint64_t at = begin; at < end; at += sizeof(nonzero_t)) {
    const uint64_t offset = load_word(heap.base + at);
    /* Vectors of offsets count them with a sign. */
    if (offset > INT32_MAX || offset + 4 > (uint64_t)r->inputs * 4) return "a nonzero reads beyond the input";
  }
  return NULL;
}

static const char *fault_in_dense(command_t command, bool full) {
  const heap_t heap = command.heap;
  if (!holds(heap, command.record, 1, sizeof(dense_t))) return "its record lies beyond the memory";
  const dense_t *r = (const dense_t *)(heap.base + command.record);
  if (r->outputs < 1 || r->inputs < 1 || command.items != (r->outputs + (int64_t)OUTPUT_BLOCK - 1) / OUTPUT_BLOCK)
    return "its work items are not its outputs";
  const uint64_t inputs = (uint64_t)r->inputs, outputs = (uint64_t)r->outputs;
  if (!holds(heap, r->x, inputs, 4)) return "the input lies beyond the memory";
  if (!holds(heap, r->y, outputs, 4)) return "the output lies beyond the memory";
  const range_t written = {.begin = r->y, .end = r->y + outputs * 4};
  if (!keeps(heap, written, command.record, 1, sizeof(dense_t))) return "its output lies in its own tables";
  if (!keeps(heap, written, r->rows, outputs + 1, sizeof(dense_row_t))) return "rows lie beyond the memory";
  const char *fault = fault_in_activation(heap, written, r->activation);
  const dense_row_t *rows = (const dense_row_t *)(heap.base + r->rows);
  for (int32_t m = 0; fault == NULL && m < r->outputs; m++) {
    if (!full) fault = fault_in_nonzeros(heap, written, r, rows[m].weights, rows[m + 1].weights);
    else if (!keeps(heap, written, rows[m].weights, inputs, 4)) fault = "weights lie beyond the memory";
  }
  return fault;
}
