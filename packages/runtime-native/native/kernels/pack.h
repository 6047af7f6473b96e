/*
 * Copies the pixels under the windows of a group into scratch memory, vector by vector, so that every tap reads whole
 * aligned vectors. src/kernels/window/packers.ts of the runtime lists the vectors.
 */

/* The mask of a whole vector. */
#define ALL ((uint32_t)((1ull << WIDTH) - 1))

/* The mask of which every other bit is this one. */
static inline uint32_t gathered(uint32_t bits) {
  uint32_t mask = 0;
  for (int i = 0; i < WIDTH; i++) mask |= (bits >> (2 * i) & 1) << i;
  return mask;
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
  for (int32_t v = 0; v < count; v++) {
    const vector_t vector = vectors[v];
    const char *from = source + vector.source;
    char *to = target + vector.target;
    const bool merged = vector.mask & MERGED;
    const uint32_t bits = vector.mask & ~MERGED;
    if (bits == 0) {
      for (int32_t c = 0; c < channels; c++, to += to_channel) vstore(to, splat(0));
    } else if (vector.step == 1 && bits == ALL) {
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
      const mask_t low = mask_of(bits & ALL), high = mask_of(bits >> WIDTH & ALL);
      const mask_t mask = merged ? mask_of(gathered(bits)) : low;
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
