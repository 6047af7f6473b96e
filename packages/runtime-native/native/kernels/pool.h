/* Maximum or average under a window, for the pixels that lie in the image; places as for depthwise convolutions. */

static inline vec load_place(const char *at, uint32_t bits, int32_t step, vec fill) {
  if (step == 1) return bits == ALL ? vload(at) : load_masked_or(at, mask_of(bits), fill);
  float floats[WIDTH];
  vstore((char *)floats, fill);
  gather_floats(at, (char *)floats, bits, true, step);
  return vload((const char *)floats);
}

/* Every other float, from a mask whose bits are spread. */
static inline vec load_evens(const char *at, uint32_t bits, vec fill) {
  const vec low = load_masked_or(at, mask_of(bits & ALL), fill);
  return evens(low, load_masked_or(at + 4 * WIDTH, mask_of(bits >> WIDTH & ALL), fill));
}

/* A work item is a tile with a block of channels. */
static void window_pool(char *heap, address record, int32_t begin, int32_t end, address scratch) {
  (void)scratch;
  const window_pool_t *r = (const window_pool_t *)(heap + record);
  const size_t channel_bytes = (size_t)r->lanes * 4;
  const vec fill = splat(r->factors == 0 ? -__builtin_inff() : 0);
  for (int32_t item = begin; item < end; item++) {
    const int32_t first = item % r->blocks * BLOCK;
    const size_t tile = item / r->blocks;
    const int32_t pixels = least(r->lanes, r->pixels - (int32_t)tile * r->lanes);
    const int32_t channels = least(BLOCK, r->channels - first);
    const char *x = heap + r->input + first * channel_bytes;
    char *y = heap + r->output + tile * r->output_tile + first * channel_bytes;
    const places_t *places = (const places_t *)(heap + r->places) + tile * (r->lanes / WIDTH);
    for (int32_t v = 0; v * WIDTH < pixels; v++, places++) {
      const place_t *list = (const place_t *)(heap + places->first);
      for (int32_t c = 0; c < channels; c++) {
        vec result = fill;
        for (int32_t i = 0; i < places->count; i++) {
          const char *at = x + list[i].source + c * channel_bytes;
          const vec pixel = r->step == 2 ? load_evens(at, list[i].mask, fill)
                                         : load_place(at, list[i].mask, r->step, fill);
          if (r->factors == 0) result = larger(result, pixel);
          else result = result + pixel;
        }
        const size_t lane = (size_t)v * WIDTH * 4;
        if (r->factors != 0) result = result * vload(heap + r->factors + tile * channel_bytes + lane);
        vstore(y + c * channel_bytes + lane, result);
      }
    }
  }
}
