/* One vector of pixels of `CHANNELS` channels. Included once for every number of channels. */
static void NAME(depthwise, CHANNELS)(const char *heap, const depthwise_t *r, const places_t *places, const char *x,
                                      const float *weights, const float *bias, char *y) {
  const size_t channel_bytes = (size_t)r->lanes * 4;
  const place_t *place = (const place_t *)(heap + places->first), *last = place + places->count;
  vec sums[CHANNELS];
  for (int c = 0; c < CHANNELS; c++) sums[c] = splat(bias[c]);
  if (r->step == 1) {
    for (; place < last; place++) {
      const char *from = x + place->source;
      const float *own = weights + (size_t)place->tap * BLOCK;
      if (place->mask == ALL) {
        for (int c = 0; c < CHANNELS; c++)
          sums[c] = fma_of(vload(from + c * channel_bytes), splat(own[c]), sums[c]);
        continue;
      }
      const mask_t mask = mask_of(place->mask);
      for (int c = 0; c < CHANNELS; c++)
        sums[c] = fma_of(load_masked(from + c * channel_bytes, mask), splat(own[c]), sums[c]);
    }
  } else if (r->step == 2) {
    for (; place < last; place++) {
      const char *from = x + place->source;
      const float *own = weights + (size_t)place->tap * BLOCK;
      const mask_t low = mask_of(place->mask & ALL), high = mask_of(place->mask >> WIDTH & ALL);
      for (int c = 0; c < CHANNELS; c++) {
        const char *at = from + c * channel_bytes;
        const vec pixels = evens(load_masked(at, low), load_masked(at + 4 * WIDTH, high));
        sums[c] = fma_of(pixels, splat(own[c]), sums[c]);
      }
    }
  } else {
    for (; place < last; place++) {
      const float *own = weights + (size_t)place->tap * BLOCK;
      for (int c = 0; c < CHANNELS; c++) {
        float pixels[WIDTH];
        gather_floats(x + place->source + c * channel_bytes, (char *)pixels, place->mask, false, r->step);
        sums[c] = fma_of(vload((const char *)pixels), splat(own[c]), sums[c]);
      }
    }
  }
  for (int c = 0; c < CHANNELS; c++) {
    vec sum = sums[c];
    if (r->activation == RELU || r->activation == RELU6) sum = at_least(sum, 0);
    if (r->activation == RELU6) sum = at_most(sum, 6);
    vstore(y + c * channel_bytes, sum);
  }
}
#undef CHANNELS
