/*
 * Arithmetic of what a kernel reaches. Every word of a record is up to 2^32, so products are taken of two of them at a
 * time and cut off at FAR_AWAY, which lies beyond any memory: sums of some of them cannot wrap.
 */

#define FAR_AWAY ((uint64_t)1 << 40)

static inline uint64_t far_of(uint64_t count, uint64_t size) {
  const uint64_t product = count * size;
  return product < FAR_AWAY ? product : FAR_AWAY;
}

/* Whether `count` things of `size` bytes lie in the heap from an aligned address on. */
static bool holds(heap_t heap, uint64_t at, uint64_t count, uint64_t size) {
  return at != 0 && at % 4 == 0 && count <= heap.length && at + count * size <= heap.length;
}

/* What a command writes. A table that lies there would change while it is read. */
typedef struct {
  uint64_t begin;
  uint64_t end;
} range_t;

/* Whether `count` things of `size` bytes lie in the heap and are not written. */
static bool keeps(heap_t heap, range_t written, uint64_t at, uint64_t count, uint64_t size) {
  return holds(heap, at, count, size) && (at >= written.end || at + count * size <= written.begin);
}

/* Whether there are tiles of so many floats, in whole vectors. */
static bool is_tile(int32_t lanes, int32_t width) {
  static const int32_t known[] = {16, 28, 32, 56, 64, 112, 224};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (lanes == known[i]) return lanes % width == 0;
  }
  return false;
}

static uint64_t tiles_of(int32_t pixels, int32_t lanes) {
  return ((uint64_t)pixels + (uint64_t)lanes - 1) / (uint64_t)lanes;
}

/* Whether only bits stand in a mask that floats of a vector have: every other one where they are two apart. */
static bool is_mask(uint32_t bits, int32_t step, int32_t width) {
  return step == 2 ? ((uint64_t)bits >> (2 * width - 1)) == 0 && (bits & 0xaaaaaaaau) == 0
                   : (uint64_t)bits >> width == 0;
}

/* Bytes from the first float of a vector to that of a bit. */
static int64_t distance(int bit, int32_t step) { return step == 2 ? 4 * (int64_t)bit : 4 * (int64_t)bit * step; }

/*
 * Whether the floats of a mask lie in the heap, where the vector begins anywhere from `first` to `last`, less than
 * FAR_AWAY from 0.
 */
static bool holds_vector(heap_t heap, int64_t first, int64_t last, uint32_t bits, int32_t step) {
  for (int bit = 0; bit < 32; bit++) {
    if ((bits >> bit & 1) == 0) continue;
    const int64_t at = distance(bit, step);
    if (first + at < 0 || last + at + 4 > (int64_t)heap.length) return false;
  }
  return true;
}

static const char *fault_in_activation(heap_t heap, range_t written, uint32_t activation) {
  return is_curve(activation) && !keeps(heap, written, activation, 1, sizeof(curve_t))
             ? "its activation lies beyond the memory"
             : NULL;
}
