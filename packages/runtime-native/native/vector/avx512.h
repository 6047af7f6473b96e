#include <immintrin.h>

/* Sixteen floats; 32 registers. */
#define WIDTH 16
#define REGISTERS 32
typedef __m512 vec;

static inline vec vload(const char *at) { return _mm512_loadu_ps((const float *)at); }
static inline void vstore(char *at, vec x) { _mm512_storeu_ps((float *)at, x); }
static inline vec splat(float x) { return _mm512_set1_ps(x); }
static inline vec fma_of(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
/* The second operand where one is NaN or both are 0: NaN and -0 stay. */
static inline vec at_least(vec x, float least) { return _mm512_max_ps(splat(least), x); }
static inline vec at_most(vec x, float most) { return _mm512_min_ps(splat(most), x); }

typedef __mmask16 mask_t;

static inline mask_t mask_of(uint32_t bits) { return (mask_t)bits; }
/* Memory of floats outside of the mask is neither read nor written. */
static inline vec load_masked(const char *at, mask_t mask) { return _mm512_maskz_loadu_ps(mask, (const float *)at); }
static inline void store_masked(char *at, mask_t mask, vec x) { _mm512_mask_storeu_ps((float *)at, mask, x); }

/* Every other float of two vectors. */
static inline vec evens(vec a, vec b) {
  const __m512i places = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  return _mm512_permutex2var_ps(a, places, b);
}

/* What a mask leaves out is `fill`. */
static inline vec load_masked_or(const char *at, mask_t mask, vec fill) {
  return _mm512_mask_loadu_ps(fill, mask, (const float *)at);
}
/* The larger ones; `a` where `b` is NaN. */
static inline vec larger(vec a, vec b) { return _mm512_max_ps(b, a); }

/* Adds the products of sixteen pairs of a byte offset in `x` and a weight. */
static inline vec add_products(const char *pairs, const char *x, vec sums) {
  const __m512i even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  const __m512i a = _mm512_loadu_si512(pairs), b = _mm512_loadu_si512(pairs + 64);
  const __m512i offsets = _mm512_permutex2var_epi32(a, even, b);
  const __m512i weights = _mm512_permutex2var_epi32(a, _mm512_add_epi32(even, _mm512_set1_epi32(1)), b);
  return _mm512_fmadd_ps(_mm512_i32gather_ps(offsets, x, 1), _mm512_castsi512_ps(weights), sums);
}
