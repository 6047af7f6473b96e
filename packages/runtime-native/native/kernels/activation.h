/* Activations that are applied to what was stored: packages/runtime/assembly/activation.ts in C. */

/* `x > threshold ? min(x, most) : slope (x - threshold)`; without a slope 0, where an infinity would make NaN. */
static inline vec rectified(vec x, float slope, float threshold, float most) {
  const vec above = at_most(x, most);
  vec below = (vec)((ivec)x & ~(ivec)(x == x));
  if (slope != 0) below = (x - splat(threshold)) * splat(slope);
  return choose(x > splat(threshold), above, below);
}

static inline vec clamped(vec x, float most) { return at_most(at_least(x, 0), most); }

static vec curved(vec x, const curve_t *r) {
  switch (r->code) {
    case 3: return rectified(x, r->a, r->b, r->c);
    case 4: return sigmoid_of(x);
    case 5: return tanh_of(x);
    case 6: {
      const vec low = exponential_minus_one(at_most(x, 0)) * splat(r->a);
      return choose(x > splat(0), x, low) * splat(r->b);
    }
    case 7: return softplus_of(x);
    case 8: return x / (absolute(x) + splat(1));
    case 9: return x * sigmoid_of(x);
    case 10: return x * (clamped(x + splat(3), 6) * splat(1.0f / 6.0f));
    case 11: return clamped(x * splat(r->a) + splat(r->b), 1);
    case 12: return gelu_of(x);
    case 13: return gelu_by_tanh(x);
    case 14: return mish_of(x);
    default: return exponential_of(x);
  }
}

/* Applies an activation to `count` floats in place. */
static void activate_floats(char *y, int32_t count, const curve_t *r) {
  int32_t i = 0;
  for (; i + WIDTH <= count; i += WIDTH) vstore(y + 4 * i, curved(vload(y + 4 * i), r));
  if (i == count) return;
  float rest[WIDTH] = {0};
  memcpy(rest, y + 4 * i, 4 * (size_t)(count - i));
  vstore((char *)rest, curved(vload((const char *)rest), r));
  memcpy(y + 4 * i, rest, 4 * (size_t)(count - i));
}
