/*
 * e^x of a vector, and what is made of it, operation by operation as in packages/runtime/assembly/exponential.ts.
 * Nothing here is fused, so that all instruction sets give the same bits. NaN stays NaN everywhere.
 */

typedef int32_t ivec __attribute__((vector_size(WIDTH * 4)));

static inline vec choose(ivec where, vec yes, vec no) { return (vec)(((ivec)yes & where) | ((ivec)no & ~where)); }

static inline vec absolute(vec x) { return (vec)((ivec)x & 0x7fffffff); }

/* To the nearest integer, ties to even, for magnitudes under 2^22. */
static inline vec nearest_of(vec x) { return (x + splat(12582912.0f)) - splat(12582912.0f); }

static inline vec power_of_two(ivec k) { return (vec)((k + 127) << 23); }

/* x = n ln 2 + r, |r| <= ln 2 / 2, Taylor in r to the seventh power, times 2^n in two steps. */
static inline vec exponential_of(vec x) {
  const vec t = at_least(at_most(x, 89), -104);
  const vec n = nearest_of(t * splat(1.44269504f));
  const vec r = (t - n * splat(0.693359375f)) + n * splat(0.00021219444f);
  vec p = r * splat(1.0f / 5040.0f) + splat(1.0f / 720.0f);
  p = p * r + splat(1.0f / 120.0f);
  p = p * r + splat(1.0f / 24.0f);
  p = p * r + splat(1.0f / 6.0f);
  p = p * r + splat(0.5f);
  p = p * r + splat(1);
  p = p * r + splat(1);
  const ivec k = __builtin_convertvector(n, ivec), half = k >> 1;
  return (p * power_of_two(half)) * power_of_two(k - half);
}

/* e^x - 1 for x <= 0, near 0 too: there by Taylor to the eighth power. */
static inline vec exponential_minus_one(vec x) {
  vec p = x * splat(1.0f / 40320.0f) + splat(1.0f / 5040.0f);
  p = p * x + splat(1.0f / 720.0f);
  p = p * x + splat(1.0f / 120.0f);
  p = p * x + splat(1.0f / 24.0f);
  p = p * x + splat(1.0f / 6.0f);
  p = p * x + splat(0.5f);
  p = (p * x + splat(1)) * x;
  return choose(x > splat(-0.5f), p, exponential_of(x) + splat(-1));
}

static inline vec sigmoid_of(vec x) { return splat(1) / (exponential_of(-x) + splat(1)); }

static inline vec tanh_of(vec x) {
  const vec e = exponential_minus_one(absolute(x) * splat(-2));
  const vec magnitude = -e / (e + splat(2));
  return (vec)(((ivec)magnitude & 0x7fffffff) | ((ivec)x & (int32_t)0x80000000));
}

/* ln(1 + e^x) = max(x, 0) + ln(1 + y), y = e^-|x|, by ln(1 + y) = 2 artanh(y / (2 + y)). */
static inline vec softplus_of(vec x) {
  const vec y = exponential_of(-absolute(x));
  const vec s = y / (y + splat(2)), q = s * s;
  vec p = q * splat(1.0f / 15.0f) + splat(1.0f / 13.0f);
  p = p * q + splat(1.0f / 11.0f);
  p = p * q + splat(1.0f / 9.0f);
  p = p * q + splat(1.0f / 7.0f);
  p = p * q + splat(1.0f / 5.0f);
  p = p * q + splat(1.0f / 3.0f);
  p = p * q + splat(1);
  return at_least(x, 0) + (s * splat(2)) * p;
}

/* x tanh(ln(1 + e^x)) = x n / (n + 2), n = e^x (e^x + 2). From 20 on the factor is 1. */
static inline vec mish_of(vec x) {
  const vec e = exponential_of(at_most(x, 20)), n = e * (e + splat(2));
  return x * (n / (n + splat(2)));
}

/* x times the normal distribution at x; the coefficients are explained in exponential.ts. */
static inline vec gelu_of(vec x) {
  static const float coefficients[] = {-0.7351042f,  1.3861065f,   -1.0623972f, 0.24683313f, -0.17770727f,
                                       0.095464066f, 0.3741951f, 1.0000205f,  -1.2655122f};
  const vec z = absolute(x) * splat(0.70710678f);
  const vec t = splat(1) / (z * splat(0.5f) + splat(1));
  vec p = t * splat(0.008192755f) + splat(0.129909f);
  for (size_t i = 0; i < sizeof coefficients / sizeof *coefficients; i++) p = p * t + splat(coefficients[i]);
  const vec tail = (t * exponential_of(p - z * z)) * splat(0.5f);
  return x * choose(x < splat(0), tail, splat(1) - tail);
}

/* x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3), which is x / (1 + e^-2u). */
static inline vec gelu_by_tanh(vec x) {
  const vec cube = (x * x) * x;
  return x * sigmoid_of((x + cube * splat(0.044715f)) * splat(1.5957691f));
}
