#include <immintrin.h>

/* Eight floats; 16 registers. */
#define WIDTH 8
#define REGISTERS 16
typedef __m256 vec;

static inline vec vload(const char *at) { return _mm256_loadu_ps((const float *)at); }
static inline void vstore(char *at, vec x) { _mm256_storeu_ps((float *)at, x); }
static inline vec splat(float x) { return _mm256_set1_ps(x); }
static inline vec fma_of(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
/* The second operand where one is NaN or both are 0: NaN and -0 stay. */
static inline vec at_least(vec x, float least) { return _mm256_max_ps(splat(least), x); }
static inline vec at_most(vec x, float most) { return _mm256_min_ps(splat(most), x); }

typedef __m256i mask_t;

static inline mask_t mask_of(uint32_t bits) {
  const __m256i each = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1);
  return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)bits), each), each);
}
/* Memory of floats outside of the mask is neither read nor written. */
static inline vec load_masked(const char *at, mask_t mask) { return _mm256_maskload_ps((const float *)at, mask); }
static inline void store_masked(char *at, mask_t mask, vec x) { _mm256_maskstore_ps((float *)at, mask, x); }

/* Every other float of two vectors. */
static inline vec evens(vec a, vec b) {
  const __m256d pairs = _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88));
  return _mm256_castpd_ps(_mm256_permute4x64_pd(pairs, 0xd8));
}

/* What a mask leaves out is `fill`. */
static inline vec load_masked_or(const char *at, mask_t mask, vec fill) {
  return _mm256_blendv_ps(fill, load_masked(at, mask), _mm256_castsi256_ps(mask));
}
/* The larger ones; `a` where `b` is NaN. */
static inline vec larger(vec a, vec b) { return _mm256_max_ps(b, a); }

/* Adds the products of eight pairs of a byte offset in `x` and a weight. */
static inline vec add_products(const char *pairs, const char *x, vec sums) {
  const vec a = vload(pairs), b = vload(pairs + 32);
  const __m256i offsets = _mm256_castps_si256(evens(a, b));
  const vec weights = _mm256_castpd_ps(
      _mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xdd)), 0xd8));
  return fma_of(_mm256_i32gather_ps((const float *)x, offsets, 1), weights, sums);
}
