/* One vector of pixels of `CHANNELS` channels. Included once for every number of channels. */
static void NAME(depthwise, CHANNELS)(const char *heap, const depthwise_t *r, const places_t *places, const char *x,
                                      size_t x_channel, const float *weights, const float *bias, char *y) {
  const size_t y_channel = (size_t)r->lanes * 4;
  const place_t *place = (const place_t *)(heap + places->first), *last = place + places->count;
  vec sums[CHANNELS];
  for (int c = 0; c < CHANNELS; c++) sums[c] = splat(bias[c]);
  for (; place < last; place++) {
    const char *from = x + place->source;
    const float *own = weights + (size_t)place->tap * BLOCK;
    if (place->mask == ALL) {
      for (int c = 0; c < CHANNELS; c++) sums[c] = fma_of(vload(from + c * x_channel), splat(own[c]), sums[c]);
      continue;
    }
    const mask_t mask = mask_of(place->mask);
    for (int c = 0; c < CHANNELS; c++)
      sums[c] = fma_of(load_masked(from + c * x_channel, mask), splat(own[c]), sums[c]);
  }
  for (int c = 0; c < CHANNELS; c++) {
    vec sum = sums[c];
    if (r->activation == RELU || r->activation == RELU6) sum = at_least(sum, 0);
    if (r->activation == RELU6) sum = at_most(sum, 6);
    vstore(y + c * y_channel, sum);
  }
}
#undef CHANNELS
