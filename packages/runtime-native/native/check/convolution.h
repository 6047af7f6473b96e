/* Sparse convolutions: whether their tables lie in the memory, and whether they stay as they are. */

/* What of all groups and chunks lies farthest, and what is written. */
typedef struct {
  command_t command;
  const convolution_t *r;
  uint64_t images;
  uint64_t tile_bytes;
  uint64_t last_tile;
  /* Tiles of the largest group, but for the first. */
  uint64_t more_tiles;
  range_t written;
} convolution_reach_t;

/* From the start of the first image to that of the last tile of the last one. */
static uint64_t last_start(const convolution_reach_t *c, uint64_t image, uint64_t tile) {
  return far_of(c->images - 1, image) + far_of(c->last_tile, tile);
}

/* Groups by themselves, and how far they reach. */
static const char *fault_in_groups(convolution_reach_t *c) {
  const convolution_t *r = c->r;
  const heap_t heap = c->command.heap;
  if (!holds(heap, r->group_table, (uint64_t)r->groups, sizeof(group_t))) return "groups lie beyond the memory";
  const group_t *groups = (const group_t *)(heap.base + r->group_table);
  for (int32_t g = 0; g < r->groups; g++) {
    const group_t group = groups[g];
    if (group.first_tile < 0 || group.tiles < 1 || group.tile_step < (group.tiles > 1)) return "a group has no tiles";
    const uint64_t more = (uint64_t)group.tiles - 1;
    const uint64_t last = (uint64_t)group.first_tile + more * (uint64_t)group.tile_step;
    if (last >= tiles_of(r->pixels, r->lanes)) return "a tile has no pixels";
    if (last > c->last_tile) c->last_tile = last;
    if (more > c->more_tiles) c->more_tiles = more;
    if (group.vector_count < 0) return "a group has fewer vectors than none";
    if (group.vector_count > 0 && !holds(heap, group.vectors, (uint64_t)group.vector_count, sizeof(vector_t)))
      return "vectors of the window lie beyond the memory";
  }
  return NULL;
}

/* The vectors that a chunk packs, of all groups. */
static const char *fault_in_vectors(const convolution_reach_t *c, const chunk_t *chunk) {
  const convolution_t *r = c->r;
  const heap_t heap = c->command.heap;
  const uint64_t more = (uint64_t)chunk->channels - 1, width = (uint64_t)c->command.width;
  const uint64_t first = r->input + far_of((uint64_t)chunk->first_channel, c->tile_bytes);
  const uint64_t last = first + far_of(c->images - 1, r->input_image) + far_of(more, c->tile_bytes);
  const group_t *groups = (const group_t *)(heap.base + r->group_table);
  for (int32_t g = 0; g < r->groups; g++) {
    const vector_t *vectors = (const vector_t *)(heap.base + groups[g].vectors);
    for (int32_t i = 0; i < groups[g].vector_count; i++) {
      const vector_t vector = vectors[i];
      const uint32_t bits = vector.mask & ~MERGED;
      if (vector.step < 1 || !is_mask(bits, vector.step, c->command.width)) return "a vector of the window is none";
      if (vector.target + width * 4 + far_of(more, r->packed) > c->command.scratch)
        return "a vector of the window ends beyond the scratch memory";
      if (!holds_vector(heap, (int64_t)first + vector.source, (int64_t)last + vector.source, bits, vector.step))
        return "a vector of the window begins beyond the memory";
    }
  }
  return NULL;
}

static uint64_t row_bytes(const chunk_t *chunk) {
  return chunk->flags & QUADS ? sizeof(quad_entry_t) : sizeof(entry_t);
}

/* Where the nonzeros of a chunk of rows end that lie in the heap. */
static uint64_t last_nonzero(heap_t heap, const chunk_t *chunk) {
  if (chunk->last_entry == chunk->entries) return chunk->nonzeros;
  const char *last = heap.base + chunk->last_entry - row_bytes(chunk);
  return chunk->flags & QUADS ? ((const quad_entry_t *)last)->end : ((const entry_t *)last)->end;
}

/* Rows of a chunk and their nonzeros, which read less than `readable` bytes; what they write is added. */
static const char *fault_in_rows(convolution_reach_t *c, const chunk_t *chunk, uint64_t readable) {
  const convolution_t *r = c->r;
  const heap_t heap = c->command.heap;
  const bool quads = chunk->flags & QUADS;
  const uint64_t row_size = row_bytes(chunk), size = quads ? sizeof(quad_nonzero_t) : sizeof(nonzero_t);
  if (chunk->last_entry < chunk->entries) return "a chunk ends before it begins";
  const uint64_t rows = (chunk->last_entry - chunk->entries) / row_size;
  if ((chunk->last_entry - chunk->entries) % row_size != 0) return "a chunk ends within a row";
  if (rows > 0 && !holds(heap, chunk->entries, rows, row_size)) return "rows lie beyond the memory";
  uint64_t nonzero = chunk->nonzeros;
  for (uint64_t i = 0; i < rows; i++) {
    const char *entry = heap.base + chunk->entries + i * row_size;
    const uint64_t end = quads ? ((const quad_entry_t *)entry)->end : ((const entry_t *)entry)->end;
    if (end < nonzero || (end - nonzero) % size != 0) return "the nonzeros of a row end within one";
    if (end > nonzero && !holds(heap, nonzero, (end - nonzero) / size, size)) return "nonzeros lie beyond the memory";
    for (; nonzero < end; nonzero += size) {
      if (load_word(heap.base + nonzero) + c->tile_bytes > readable) return "a nonzero reads beyond the pixels";
    }
    for (int row = 0; row < (quads ? 4 : 1); row++) {
      const uint64_t offset =
          quads ? ((const quad_entry_t *)entry)->rows[row].offset : ((const entry_t *)entry)->offset;
      const uint64_t end_of_row = offset + c->tile_bytes;
      const uint64_t written = r->output + last_start(c, r->output_image, r->output_tile) + end_of_row;
      if (written > heap.length) return "a row of the output lies beyond the memory";
      if (written > c->written.end) c->written.end = written;
      if (r->residual != 0 &&
          r->residual + last_start(c, r->residual_image, r->residual_tile) + end_of_row > heap.length)
        return "a row of the sum lies beyond the memory";
    }
  }
  return NULL;
}

static const char *fault_in_chunk(convolution_reach_t *c, const chunk_t *chunk) {
  const convolution_t *r = c->r;
  const heap_t heap = c->command.heap;
  if (chunk->first_channel < 0 || chunk->channels < 1) return "a chunk has no channels";
  if (r->packed != 0) {
    const char *fault = fault_in_vectors(c, chunk);
    if (fault != NULL) return fault;
    const uint64_t skipped = far_of(c->more_tiles, r->step), scratch = c->command.scratch;
    return fault_in_rows(c, chunk, skipped < scratch ? scratch - skipped : 0);
  }
  const uint64_t source = r->input + last_start(c, r->input_image, r->input_tile) +
                          far_of((uint64_t)chunk->first_channel, c->tile_bytes);
  if (source + far_of((uint64_t)chunk->channels, c->tile_bytes) > heap.length)
    return "the input lies beyond the memory";
  return fault_in_rows(c, chunk, heap.length - source);
}

static const char *fault_in_splits(convolution_reach_t *c) {
  const convolution_t *r = c->r;
  const heap_t heap = c->command.heap;
  if (!holds(heap, r->split_table, (uint64_t)r->splits, sizeof(split_t))) return "splits lie beyond the memory";
  const split_t *splits = (const split_t *)(heap.base + r->split_table);
  for (int32_t s = 0; s < r->splits; s++) {
    const split_t split = splits[s];
    if (split.count < 0 || split.first_output < 0 || split.outputs < 0) return "a split is shorter than nothing";
    if (split.count > 0 && !holds(heap, split.chunks, (uint64_t)split.count, sizeof(chunk_t)))
      return "chunks lie beyond the memory";
    if (is_curve(r->activation)) {
      const uint64_t outputs = (uint64_t)split.first_output + (uint64_t)split.outputs;
      const uint64_t end =
          r->output + last_start(c, r->output_image, r->output_tile) + far_of(outputs, c->tile_bytes);
      if (end > heap.length) return "the output lies beyond the memory";
      if (end > c->written.end) c->written.end = end;
    }
    const chunk_t *chunks = (const chunk_t *)(heap.base + split.chunks);
    for (int32_t i = 0; i < split.count; i++) {
      const char *fault = fault_in_chunk(c, chunks + i);
      if (fault != NULL) return fault;
    }
  }
  return NULL;
}

#include "convolution-tables.h"

static const char *fault_in_convolution(command_t command) {
  const heap_t heap = command.heap;
  if (!holds(heap, command.record, 1, sizeof(convolution_t))) return "its record lies beyond the memory";
  const convolution_t *r = (const convolution_t *)(heap.base + command.record);
  if (!is_tile(r->lanes, command.width)) return "its tiles have a width that there is not";
  if (r->groups < 1 || r->splits < 1 || command.items < 1) return "it has no work";
  const int64_t cells = (int64_t)r->groups * r->splits;
  if (command.items % cells != 0) return "its work items are no whole images";
  if (r->pixels < 1) return "it has no pixels";
  if (r->output % 4 != 0 || r->output_tile % 4 != 0 || r->output_image % 4 != 0)
    return "the output lies between floats";
  convolution_reach_t c = {
      .command = command,
      .r = r,
      .images = (uint64_t)(command.items / cells),
      .tile_bytes = (uint64_t)r->lanes * 4,
      .written = {.begin = r->output, .end = r->output},
  };
  const char *fault = fault_in_groups(&c);
  if (fault == NULL) fault = fault_in_splits(&c);
  if (fault == NULL) fault = fault_in_activation(heap, c.written, r->activation);
  if (fault != NULL) return fault;
  if (r->when != 0 && !keeps(heap, c.written, r->when, 1, 4)) return "its switch lies beyond the memory";
  return keeps_tables(&c) ? NULL : "its output lies in its own tables";
}
