/*
 * Copies the pixels under the windows of a group into scratch memory, vector by vector, so that every tap reads whole
 * aligned vectors. src/kernels/window/packers.ts of the runtime lists the vectors.
 */

/* Bits of a mask, spread to every other one. */
static inline uint32_t spread_bits(uint32_t bits) {
  uint32_t spread = 0;
  for (int i = 0; i < 16; i++) spread |= (bits >> i & 1) << (2 * i);
  return spread;
}

/* Fills the floats of a mask one by one. */
static void gather_floats(const char *from, char *to, uint32_t bits, bool merged, int32_t step) {
  for (int i = 0; i < WIDTH; i++) {
    if (bits >> i & 1) store_float(to + 4 * i, load_float(from + 4 * (ptrdiff_t)i * step));
    else if (!merged) store_float(to + 4 * i, 0);
  }
}

/* Does all vectors of a group for `channels` channels. */
static void pack_vectors(const vector_t *vectors, int32_t count, const char *source, char *target, int32_t channels,
                         size_t from_channel, size_t to_channel) {
  const uint32_t all = (uint32_t)((1ull << WIDTH) - 1);
  for (int32_t v = 0; v < count; v++) {
    const vector_t vector = vectors[v];
    const char *from = source + vector.source;
    char *to = target + vector.target;
    const bool merged = vector.mask & MERGED;
    const uint32_t bits = vector.mask & all;
    if (bits == 0) {
      for (int32_t c = 0; c < channels; c++, to += to_channel) vstore(to, splat(0));
    } else if (vector.step == 1 && bits == all) {
      for (int32_t c = 0; c < channels; c++, from += from_channel, to += to_channel) vstore(to, vload(from));
    } else if (vector.step == 1) {
      const mask_t mask = mask_of(bits);
      if (merged) {
        for (int32_t c = 0; c < channels; c++, from += from_channel, to += to_channel)
          store_masked(to, mask, load_masked(from, mask));
      } else {
        for (int32_t c = 0; c < channels; c++, from += from_channel, to += to_channel)
          vstore(to, load_masked(from, mask));
      }
    } else if (vector.step == 2) {
      const uint32_t spread = spread_bits(bits);
      const mask_t low = mask_of(spread & all), high = mask_of(spread >> WIDTH & all), mask = mask_of(bits);
      for (int32_t c = 0; c < channels; c++, from += from_channel, to += to_channel) {
        const vec x = evens(load_masked(from, low), load_masked(from + 4 * WIDTH, high));
        if (merged) store_masked(to, mask, x);
        else vstore(to, x);
      }
    } else {
      for (int32_t c = 0; c < channels; c++, from += from_channel, to += to_channel)
        gather_floats(from, to, bits, merged, vector.step);
    }
  }
}
