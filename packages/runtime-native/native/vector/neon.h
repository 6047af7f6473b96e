#include <arm_neon.h>

/* Four floats; 32 registers. */
#define WIDTH 4
#define REGISTERS 32
typedef float32x4_t vec;

static inline vec vload(const char *at) { return vld1q_f32((const float *)at); }
static inline void vstore(char *at, vec x) { vst1q_f32((float *)at, x); }
static inline vec splat(float x) { return vdupq_n_f32(x); }
static inline vec fma_of(vec a, vec b, vec c) { return vfmaq_f32(c, a, b); }
/* Compared and selected, so that NaN and -0 stay as they do in WebAssembly. */
static inline vec at_least(vec x, float least) { return vbslq_f32(vcltq_f32(x, splat(least)), splat(least), x); }
static inline vec at_most(vec x, float most) { return vbslq_f32(vcgtq_f32(x, splat(most)), splat(most), x); }

typedef uint32_t mask_t;

static inline mask_t mask_of(uint32_t bits) { return bits; }
/* Memory of floats outside of the mask is neither read nor written. */
static inline vec load_masked(const char *at, mask_t mask) {
  float floats[4] = {0};
  for (int i = 0; i < 4; i++) {
    if (mask >> i & 1) memcpy(floats + i, at + 4 * i, 4);
  }
  return vld1q_f32(floats);
}
static inline void store_masked(char *at, mask_t mask, vec x) {
  float floats[4];
  vst1q_f32(floats, x);
  for (int i = 0; i < 4; i++) {
    if (mask >> i & 1) memcpy(at + 4 * i, floats + i, 4);
  }
}

/* Every other float of two vectors. */
static inline vec evens(vec a, vec b) { return vuzp1q_f32(a, b); }

/* What a mask leaves out is `fill`. */
static inline vec load_masked_or(const char *at, mask_t mask, vec fill) {
  float floats[4];
  vst1q_f32(floats, fill);
  for (int i = 0; i < 4; i++) {
    if (mask >> i & 1) memcpy(floats + i, at + 4 * i, 4);
  }
  return vld1q_f32(floats);
}
/* The larger ones; `a` where `b` is NaN. */
static inline vec larger(vec a, vec b) { return vbslq_f32(vcltq_f32(a, b), b, a); }

/* Adds the products of four pairs of a byte offset in `x` and a weight. */
static inline vec add_products(const char *pairs, const char *x, vec sums) {
  float floats[4], weights[4];
  for (int i = 0; i < 4; i++) {
    floats[i] = load_float(x + load_word(pairs + 8 * i));
    weights[i] = load_float(pairs + 8 * i + 4);
  }
  return fma_of(vld1q_f32(floats), vld1q_f32(weights), sums);
}
