#include "check.h"

#include "records.h"

/* Whether `count` things of `size` bytes lie in the heap from an aligned address on. */
static bool holds(heap_t heap, uint64_t at, uint64_t count, uint64_t size) {
  return at != 0 && at % 4 == 0 && count <= heap.length && at + count * size <= heap.length;
}

/* Whether only bits stand in a mask that floats of a vector have: every other one where they are two apart. */
static bool is_mask(uint32_t bits, int32_t step, int32_t width) {
  return step == 2 ? ((uint64_t)bits >> (2 * width - 1)) == 0 && (bits & 0xaaaaaaaau) == 0
                   : (uint64_t)bits >> width == 0;
}

/* Bytes from the first float of a vector to that of a bit. */
static int64_t distance(int bit, int32_t step) { return step == 2 ? 4 * (int64_t)bit : 4 * (int64_t)bit * step; }

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
    const uint32_t bits = vector.mask & ~MERGED;
    if (vector.step < 1 || !is_mask(bits, vector.step, width)) return "a vector of the window is none";
    if ((uint64_t)vector.target + (uint64_t)width * 4 + (uint64_t)more * r->packed > command.scratch)
      return "a vector of the window ends beyond the scratch memory";
    for (int bit = 0; bit < 32; bit++) {
      if ((bits >> bit & 1) == 0) continue;
      const int64_t at = vector.source + distance(bit, vector.step);
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

/* What depthwise convolutions and pools have in common. */
typedef struct {
  int32_t lanes, blocks, channels, pixels, step;
  /* Taps that places may belong to; 0: any. */
  int32_t taps;
  uint32_t activation;
  address places, input, output;
  uint32_t output_tile;
} window_t;

enum { CHANNEL_BLOCK = 8 };

static const char *fault_in_places(heap_t heap, const window_t *w, const places_t *vector, int32_t width) {
  if (vector->count == 0) return NULL;
  if (vector->count < 0 || !holds(heap, vector->first, (uint64_t)vector->count, sizeof(place_t)))
    return "places lie beyond the memory";
  const place_t *places = (const place_t *)(heap.base + vector->first);
  const int64_t more = ((int64_t)w->channels - 1) * w->lanes * 4;
  for (int32_t i = 0; i < vector->count; i++) {
    const place_t place = places[i];
    if (w->taps > 0 && (place.tap < 0 || place.tap >= w->taps)) return "a place belongs to no tap";
    if (!is_mask(place.mask, w->step, width)) return "a place is no vector";
    for (int bit = 0; bit < 32; bit++) {
      if ((place.mask >> bit & 1) == 0) continue;
      const int64_t at = (int64_t)w->input + place.source + distance(bit, w->step);
      if (at < 0 || at + more + 4 > (int64_t)heap.length) return "a place lies beyond the memory";
    }
  }
  return NULL;
}

static const char *fault_in_window(command_t command, const window_t *w) {
  const heap_t heap = command.heap;
  if (w->lanes < 1 || w->lanes > 1024 || w->lanes % command.width != 0)
    return "its tiles have a width that there is not";
  if (w->blocks < 1 || w->channels < 1 || w->pixels < 1 || w->step < 1) return "it has no work";
  const int64_t tiles = ((int64_t)w->pixels + w->lanes - 1) / w->lanes;
  if (((int64_t)w->channels + CHANNEL_BLOCK - 1) / CHANNEL_BLOCK != w->blocks || command.items != tiles * w->blocks)
    return "its work items are not its tiles and channels";
  if (is_curve(w->activation) && !holds(heap, w->activation, 1, sizeof(curve_t)))
    return "its activation lies beyond the memory";
  const int64_t end = (int64_t)w->output + (tiles - 1) * w->output_tile + (int64_t)w->channels * w->lanes * 4;
  if (w->output % 4 != 0 || w->output_tile % 4 != 0 || end > (int64_t)heap.length)
    return "the output lies beyond the memory";
  const int64_t vectors = tiles * (w->lanes / command.width);
  if (!holds(heap, w->places, (uint64_t)vectors, sizeof(places_t))) return "places lie beyond the memory";
  const places_t *all = (const places_t *)(heap.base + w->places);
  for (int64_t v = 0; v < vectors; v++) {
    const char *fault = fault_in_places(heap, w, all + v, command.width);
    if (fault != NULL) return fault;
  }
  return NULL;
}

static const char *fault_in_depthwise(command_t command) {
  const heap_t heap = command.heap;
  if (!holds(heap, command.record, 1, sizeof(depthwise_t))) return "its record lies beyond the memory";
  const depthwise_t *r = (const depthwise_t *)(heap.base + command.record);
  const window_t window = {.lanes = r->lanes, .blocks = r->blocks, .channels = r->channels, .pixels = r->pixels,
                           .step = r->step, .taps = r->taps, .activation = r->activation, .places = r->places,
                           .input = r->input, .output = r->output, .output_tile = r->output_tile};
  if (r->taps < 1) return "it has no taps";
  const char *fault = fault_in_window(command, &window);
  if (fault != NULL) return fault;
  const uint64_t channels = (uint64_t)r->blocks * CHANNEL_BLOCK;
  if ((uint64_t)r->taps > heap.length || !holds(heap, r->weights, channels * (uint64_t)r->taps, 4))
    return "weights lie beyond the memory";
  return holds(heap, r->bias, channels, 4) ? NULL : "biases lie beyond the memory";
}

static const char *fault_in_window_pool(command_t command) {
  const heap_t heap = command.heap;
  if (!holds(heap, command.record, 1, sizeof(window_pool_t))) return "its record lies beyond the memory";
  const window_pool_t *r = (const window_pool_t *)(heap.base + command.record);
  const window_t window = {.lanes = r->lanes, .blocks = r->blocks, .channels = r->channels, .pixels = r->pixels,
                           .step = r->step, .places = r->places, .input = r->input, .output = r->output,
                           .output_tile = r->output_tile};
  const char *fault = fault_in_window(command, &window);
  if (fault != NULL) return fault;
  const uint64_t tiles = ((uint64_t)r->pixels + (uint64_t)r->lanes - 1) / (uint64_t)r->lanes;
  if (r->factors != 0 && !holds(heap, r->factors, tiles * (uint64_t)r->lanes, 4))
    return "factors lie beyond the memory";
  return NULL;
}

enum { OUTPUT_BLOCK = 16 };

static const char *fault_in_dense(command_t command, bool full) {
  const heap_t heap = command.heap;
  if (!holds(heap, command.record, 1, sizeof(dense_t))) return "its record lies beyond the memory";
  const dense_t *r = (const dense_t *)(heap.base + command.record);
  if (r->outputs < 1 || r->inputs < 1 || command.items != (r->outputs + (int64_t)OUTPUT_BLOCK - 1) / OUTPUT_BLOCK)
    return "its work items are not its outputs";
  if (!holds(heap, r->x, (uint64_t)r->inputs, 4)) return "the input lies beyond the memory";
  if (!holds(heap, r->y, (uint64_t)r->outputs, 4)) return "the output lies beyond the memory";
  if (!holds(heap, r->rows, (uint64_t)r->outputs + 1, sizeof(dense_row_t))) return "rows lie beyond the memory";
  if (is_curve(r->activation) && !holds(heap, r->activation, 1, sizeof(curve_t)))
    return "its activation lies beyond the memory";
  const dense_row_t *rows = (const dense_row_t *)(heap.base + r->rows);
  for (int32_t m = 0; m < r->outputs; m++) {
    const uint64_t begin = rows[m].weights, end = rows[m + 1].weights;
    if (full && !holds(heap, begin, (uint64_t)r->inputs, 4)) return "weights lie beyond the memory";
    if (full) continue;
    if (end < begin || (end - begin) % sizeof(nonzero_t) != 0) return "the nonzeros of a row end within one";
    if (end > begin && !holds(heap, begin, (end - begin) / sizeof(nonzero_t), sizeof(nonzero_t)))
      return "nonzeros lie beyond the memory";
    for (uint64_t at = begin; at < end; at += sizeof(nonzero_t)) {
      if ((uint64_t)r->x + load_word(heap.base + at) + 4 > heap.length) return "a nonzero reads beyond the memory";
    }
  }
  return NULL;
}

const char *fault_in(const char *kernel, command_t command) {
  if (strcmp(kernel, "convolution") == 0) return fault_in_convolution(command);
  if (strcmp(kernel, "depthwise") == 0) return fault_in_depthwise(command);
  if (strcmp(kernel, "windowPool") == 0) return fault_in_window_pool(command);
  if (strcmp(kernel, "sparseDense") == 0) return fault_in_dense(command, false);
  if (strcmp(kernel, "fullDense") == 0) return fault_in_dense(command, true);
  return NULL;
}
