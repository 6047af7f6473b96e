/* What depthwise convolutions and pools have in common. */
typedef struct {
  int32_t lanes, blocks, channels, pixels, step;
  /* Taps that places may belong to; 0: any. */
  int32_t taps;
  uint32_t activation;
  address places, input, output;
  uint32_t output_tile;
  /* Bytes of scratch memory for a channel, where places lie in it. */
  uint64_t packed;
  /* Where the output ends, once that has been checked. */
  range_t written;
} window_t;

enum { CHANNEL_BLOCK = 8 };

static const char *fault_in_places(command_t command, const window_t *w, const places_t *vector) {
  const heap_t heap = command.heap;
  if (vector->count == 0) return NULL;
  if (vector->count < 0 || !keeps(heap, w->written, vector->first, (uint64_t)vector->count, sizeof(place_t)))
    return "places lie beyond the memory";
  const place_t *places = (const place_t *)(heap.base + vector->first);
  const int64_t more = ((int64_t)w->channels - 1) * w->lanes * 4;
  const heap_t scratch = {.length = command.scratch};
  for (int32_t i = 0; i < vector->count; i++) {
    const place_t place = places[i];
    if (w->taps > 0 && (place.tap < 0 || place.tap >= w->taps)) return "a place belongs to no tap";
    if (!is_mask(place.mask, w->step, command.width)) return "a place is no vector";
    if (w->packed != 0) {
      const int64_t last = place.source + (int64_t)far_of(CHANNEL_BLOCK - 1, w->packed);
      if (!holds_vector(scratch, place.source, last, place.mask, 1)) return "a place lies beyond the scratch memory";
      continue;
    }
    const int64_t first = (int64_t)w->input + place.source;
    if (!holds_vector(heap, first, first + more, place.mask, w->step)) return "a place lies beyond the memory";
  }
  return NULL;
}

static const char *fault_in_window(command_t command, window_t *w) {
  const heap_t heap = command.heap;
  if (!is_tile(w->lanes, command.width)) return "its tiles have a width that there is not";
  if (w->blocks < 1 || w->channels < 1 || w->pixels < 1 || w->step < 1) return "it has no work";
  const uint64_t tiles = tiles_of(w->pixels, w->lanes), blocks = (uint64_t)w->blocks;
  if (((uint64_t)w->channels + CHANNEL_BLOCK - 1) / CHANNEL_BLOCK != blocks ||
      command.items < 1 || (uint64_t)command.items != tiles * blocks)
    return "its work items are not its tiles and channels";
  w->written = (range_t){
      .begin = w->output,
      .end = w->output + far_of(tiles - 1, w->output_tile) + far_of((uint64_t)w->channels, (uint64_t)w->lanes * 4),
  };
  if (w->output % 4 != 0 || w->output_tile % 4 != 0 || w->written.end > heap.length)
    return "the output lies beyond the memory";
  const char *fault = fault_in_activation(heap, w->written, w->activation);
  if (fault != NULL) return fault;
  const uint64_t vectors = tiles * (uint64_t)(w->lanes / command.width);
  if (!keeps(heap, w->written, w->places, vectors, sizeof(places_t))) return "places lie beyond the memory";
  const places_t *all = (const places_t *)(heap.base + w->places);
  for (uint64_t v = 0; fault == NULL && v < vectors; v++) fault = fault_in_places(command, w, all + v);
  return fault;
}

/* What the tiles of a depthwise convolution pack. */
static const char *fault_in_packing(command_t command, const depthwise_t *r, range_t written) {
  const heap_t heap = command.heap;
  const uint64_t tiles = tiles_of(r->pixels, r->lanes);
  if (!keeps(heap, written, r->packing, tiles, sizeof(packing_t))) return "vectors to pack lie beyond the memory";
  const packing_t *packing = (const packing_t *)(heap.base + r->packing);
  const int64_t more = ((int64_t)r->channels - 1) * r->lanes * 4;
  for (uint64_t tile = 0; tile < tiles; tile++) {
    const packing_t list = packing[tile];
    if (list.count == 0) continue;
    if (list.count < 0 || !keeps(heap, written, list.first, (uint64_t)list.count, sizeof(vector_t)))
      return "vectors to pack lie beyond the memory";
    const vector_t *vectors = (const vector_t *)(heap.base + list.first);
    for (int32_t i = 0; i < list.count; i++) {
      const vector_t vector = vectors[i];
      const uint32_t bits = vector.mask & ~MERGED;
      if (vector.step < 1 || !is_mask(bits, vector.step, command.width)) return "a vector to pack is none";
      if (vector.target + (uint64_t)command.width * 4 + far_of(CHANNEL_BLOCK - 1, r->packed) > command.scratch)
        return "a vector to pack ends beyond the scratch memory";
      const int64_t first = (int64_t)r->input + vector.source;
      if (!holds_vector(heap, first, first + more, bits, vector.step)) return "a vector to pack lies beyond the memory";
    }
  }
  return NULL;
}

static const char *fault_in_depthwise(command_t command) {
  const heap_t heap = command.heap;
  if (!holds(heap, command.record, 1, sizeof(depthwise_t))) return "its record lies beyond the memory";
  const depthwise_t *r = (const depthwise_t *)(heap.base + command.record);
  window_t window = {.lanes = r->lanes, .blocks = r->blocks, .channels = r->channels, .pixels = r->pixels,
                     .step = 1, .taps = r->taps, .packed = r->packed, .activation = r->activation, .places = r->places,
                     .input = r->input, .output = r->output, .output_tile = r->output_tile};
  if (r->taps < 1) return "it has no taps";
  const char *fault = fault_in_window(command, &window);
  if (fault != NULL) return fault;
  if (r->packed != 0) fault = fault_in_packing(command, r, window.written);
  if (fault != NULL) return fault;
  const uint64_t channels = (uint64_t)r->blocks * CHANNEL_BLOCK;
  if (!keeps(heap, window.written, command.record, 1, sizeof(depthwise_t))) return "its output lies in its own tables";
  if (!keeps(heap, window.written, r->weights, far_of(channels, (uint64_t)r->taps), 4))
    return "weights lie beyond the memory";
  return keeps(heap, window.written, r->bias, channels, 4) ? NULL : "biases lie beyond the memory";
}

static const char *fault_in_window_pool(command_t command) {
  const heap_t heap = command.heap;
  if (!holds(heap, command.record, 1, sizeof(window_pool_t))) return "its record lies beyond the memory";
  const window_pool_t *r = (const window_pool_t *)(heap.base + command.record);
  window_t window = {.lanes = r->lanes, .blocks = r->blocks, .channels = r->channels, .pixels = r->pixels,
                     .step = r->step, .places = r->places, .input = r->input, .output = r->output,
                     .output_tile = r->output_tile};
  const char *fault = fault_in_window(command, &window);
  if (fault != NULL) return fault;
  if (!keeps(heap, window.written, command.record, 1, sizeof(window_pool_t)))
    return "its output lies in its own tables";
  const uint64_t floats = tiles_of(r->pixels, r->lanes) * (uint64_t)r->lanes;
  if (r->factors != 0 && !keeps(heap, window.written, r->factors, floats, 4))
    return "factors lie beyond the memory";
  return NULL;
}
