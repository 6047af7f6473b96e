#include "check.h"

#include "records.h"

/* Whether `count` things of `size` bytes lie in the heap from an aligned address on. */
static bool holds(heap_t heap, uint64_t at, uint64_t count, uint64_t size) {
  return at != 0 && at % 4 == 0 && count <= heap.length && at + count * size <= heap.length;
}

/* The largest tile, image and vector that a work item touches, for the ends of what it reads and writes. */
typedef struct {
  uint64_t images;
  uint64_t tile_bytes;
  uint64_t last_tile;
} extent_t;

static bool within(heap_t heap, uint64_t start, uint64_t image, uint64_t tile, extent_t extent, uint64_t offset) {
  const uint64_t end = start + (extent.images - 1) * image + extent.last_tile * tile + offset + extent.tile_bytes;
  return start % 4 == 0 && end <= heap.length;
}

static const char *fault_in_vectors(command_t command, const convolution_t *r, const group_t *group,
                                    const chunk_t *chunk, extent_t extent) {
  const heap_t heap = command.heap;
  const int64_t more = chunk->channels - 1, width = command.width;
  const vector_t *vectors = (const vector_t *)(heap.base + group->vectors);
  const int64_t first = (int64_t)r->input + (int64_t)chunk->first_channel * r->lanes * 4;
  const int64_t last = first + (int64_t)(extent.images - 1) * r->input_image + more * r->lanes * 4;
  for (int32_t i = 0; i < group->vector_count; i++) {
    const vector_t vector = vectors[i];
    const uint32_t bits = vector.mask & ~(uint32_t)MERGED;
    if (bits >> width != 0 || vector.step < 1) return "a vector of the window is none";
    if ((uint64_t)vector.target + (uint64_t)width * 4 + (uint64_t)more * r->packed > command.scratch)
      return "a vector of the window ends beyond the scratch memory";
    for (int64_t lane = 0; lane < width; lane++) {
      if ((bits >> lane & 1) == 0) continue;
      const int64_t at = vector.source + lane * vector.step * 4;
      if (first + at < 0 || last + at + 4 > (int64_t)heap.length) return "a vector of the window begins beyond the memory";
    }
  }
  return NULL;
}

/* Rows of a chunk and their nonzeros: `reach` is how far the last tile of a group begins in what is read. */
static const char *fault_in_rows(heap_t heap, const convolution_t *r, const chunk_t *chunk, extent_t extent,
                                 uint64_t readable) {
  const bool quads = chunk->flags & QUADS;
  const uint64_t row_size = quads ? sizeof(quad_entry_t) : sizeof(entry_t);
  const uint64_t size = quads ? sizeof(quad_nonzero_t) : sizeof(nonzero_t);
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
      if (load_word(heap.base + nonzero) + extent.tile_bytes > readable) return "a nonzero reads beyond the pixels";
    }
    for (int row = 0; row < (quads ? 4 : 1); row++) {
      const uint64_t offset =
          quads ? ((const quad_entry_t *)entry)->rows[row].offset : ((const entry_t *)entry)->offset;
      if (!within(heap, r->output, r->output_image, r->output_tile, extent, offset))
        return "a row of the output lies beyond the memory";
      if (r->residual != 0 && !within(heap, r->residual, r->residual_image, r->residual_tile, extent, offset))
        return "a row of the sum lies beyond the memory";
    }
  }
  return NULL;
}

static const char *fault_in_group(command_t command, const convolution_t *r, const group_t *group, uint64_t images) {
  const heap_t heap = command.heap;
  const uint64_t scratch = command.scratch;
  if (group->first_tile < 0 || group->tile_step < 0 || group->tiles < 1) return "a group has no tiles";
  if (group->vector_count < 0) return "a group has fewer vectors than none";
  if (group->vector_count > 0 && !holds(heap, group->vectors, (uint64_t)group->vector_count, sizeof(vector_t)))
    return "vectors of the window lie beyond the memory";
  const uint64_t more = (uint64_t)group->tiles - 1;
  const extent_t extent = {
      .images = images,
      .tile_bytes = (uint64_t)r->lanes * 4,
      .last_tile = (uint64_t)group->first_tile + more * (uint64_t)group->tile_step,
  };
  const split_t *splits = (const split_t *)(heap.base + r->split_table);
  for (int32_t s = 0; s < r->splits; s++) {
    const split_t *split = splits + s;
    if (split->count < 0 || split->first_output < 0 || split->outputs < 0) return "a split is shorter than nothing";
    if (split->count > 0 && !holds(heap, split->chunks, (uint64_t)split->count, sizeof(chunk_t)))
      return "chunks lie beyond the memory";
    const uint64_t rows = ((uint64_t)split->first_output + (uint64_t)split->outputs) * extent.tile_bytes;
    if (is_curve(r->activation) && !within(heap, r->output, r->output_image, r->output_tile, extent, rows))
      return "the output lies beyond the memory";
    const chunk_t *chunks = (const chunk_t *)(heap.base + split->chunks);
    for (int32_t c = 0; c < split->count; c++) {
      const chunk_t *chunk = chunks + c;
      if (chunk->first_channel < 0 || chunk->channels < 1) return "a chunk has no channels";
      const uint64_t source = r->input + (images - 1) * r->input_image + extent.last_tile * r->input_tile +
                              (uint64_t)chunk->first_channel * extent.tile_bytes;
      if (r->packed == 0 && source > heap.length) return "the input lies beyond the memory";
      const uint64_t readable = r->packed == 0 ? heap.length - source
                                : scratch < more * r->step ? 0
                                                           : scratch - more * r->step;
      const char *fault = r->packed == 0 ? NULL : fault_in_vectors(command, r, group, chunk, extent);
      if (fault == NULL) fault = fault_in_rows(heap, r, chunk, extent, readable);
      if (fault != NULL) return fault;
    }
  }
  return NULL;
}

static const char *fault_in_convolution(command_t command) {
  const heap_t heap = command.heap;
  if (!holds(heap, command.record, 1, sizeof(convolution_t))) return "its record lies beyond the memory";
  const convolution_t *r = (const convolution_t *)(heap.base + command.record);
  if (r->lanes < 1 || r->lanes > 1024 || r->lanes % command.width != 0) return "its tiles have a width that there is not";
  if (r->groups < 1 || r->splits < 1 || command.items < 1) return "it has no work";
  const int64_t cells = (int64_t)r->groups * r->splits;
  if (command.items % cells != 0) return "its work items are no whole images";
  if (r->pixels < 1) return "it has no pixels";
  if (r->when != 0 && !holds(heap, r->when, 1, 4)) return "its switch lies beyond the memory";
  if (is_curve(r->activation) && !holds(heap, r->activation, 1, sizeof(curve_t)))
    return "its activation lies beyond the memory";
  if (!holds(heap, r->group_table, (uint64_t)r->groups, sizeof(group_t))) return "groups lie beyond the memory";
  if (!holds(heap, r->split_table, (uint64_t)r->splits, sizeof(split_t))) return "splits lie beyond the memory";
  const group_t *groups = (const group_t *)(heap.base + r->group_table);
  for (int32_t g = 0; g < r->groups; g++) {
    const uint64_t images = (uint64_t)(command.items / cells);
    const char *fault = fault_in_group(command, r, groups + g, images);
    if (fault != NULL) return fault;
    const int64_t last = groups[g].first_tile + (int64_t)(groups[g].tiles - 1) * groups[g].tile_step;
    if (last * r->lanes >= r->pixels) return "a tile has no pixels";
  }
  return NULL;
}

const char *fault_in(const char *kernel, command_t command) {
  if (strcmp(kernel, "convolution") == 0) return fault_in_convolution(command);
  return NULL;
}
