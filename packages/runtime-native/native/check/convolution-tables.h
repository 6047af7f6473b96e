/* Whether no table, all of which lie in the heap, is written. */
static bool keeps_tables(const convolution_reach_t *c) {
  const convolution_t *r = c->r;
  const heap_t heap = c->command.heap;
  const range_t written = c->written;
  if (!keeps(heap, written, c->command.record, 1, sizeof(convolution_t)) ||
      !keeps(heap, written, r->group_table, (uint64_t)r->groups, sizeof(group_t)) ||
      !keeps(heap, written, r->split_table, (uint64_t)r->splits, sizeof(split_t)))
    return false;
  const group_t *groups = (const group_t *)(heap.base + r->group_table);
  for (int32_t g = 0; g < r->groups; g++) {
    const uint64_t count = (uint64_t)groups[g].vector_count;
    if (count > 0 && !keeps(heap, written, groups[g].vectors, count, sizeof(vector_t))) return false;
  }
  const split_t *splits = (const split_t *)(heap.base + r->split_table);
  for (int32_t s = 0; s < r->splits; s++) {
    const uint64_t count = (uint64_t)splits[s].count;
    if (count > 0 && !keeps(heap, written, splits[s].chunks, count, sizeof(chunk_t))) return false;
    const chunk_t *chunks = (const chunk_t *)(heap.base + splits[s].chunks);
    for (uint64_t i = 0; i < count; i++) {
      const chunk_t *chunk = chunks + i;
      const uint64_t rows = chunk->last_entry - chunk->entries, nonzeros = last_nonzero(heap, chunk) - chunk->nonzeros;
      if (rows > 0 && !keeps(heap, written, chunk->entries, rows, 1)) return false;
      if (nonzeros > 0 && !keeps(heap, written, chunk->nonzeros, nonzeros, 1)) return false;
    }
  }
  return true;
}
