/*
 * Depthwise convolution: every channel by its own window. Pixels are read vector by vector, where they lie or, if they
 * are a stride apart, where they were dealt out to; what lies outside of the image counts as 0. Some channels at once
 * share what is known of the places.
 */

/* Channels whose weights lie side by side: those that a work item does. */
#define BLOCK 8

#define CHANNELS 8
#include "depthwise-channels.h"
#define CHANNELS 4
#include "depthwise-channels.h"
#define CHANNELS 1
#include "depthwise-channels.h"

/* A work item is a tile with a block of channels. */
static void depthwise(char *heap, address record, int32_t begin, int32_t end, address scratch) {
  const depthwise_t *r = (const depthwise_t *)(heap + record);
  const size_t channel_bytes = (size_t)r->lanes * 4;
  for (int32_t item = begin; item < end; item++) {
    const int32_t first = item % r->blocks * BLOCK;
    const size_t tile = item / r->blocks;
    const int32_t pixels = least(r->lanes, r->pixels - (int32_t)tile * r->lanes);
    const int32_t channels = least(BLOCK, r->channels - first);
    const char *image = heap + r->input + first * channel_bytes;
    const char *x = r->packed == 0 ? image : heap + scratch;
    const size_t x_channel = r->packed == 0 ? channel_bytes : r->packed;
    char *y = heap + r->output + tile * r->output_tile + first * channel_bytes;
    const float *weights = (const float *)(heap + r->weights) + (size_t)first * r->taps;
    const float *bias = (const float *)(heap + r->bias) + first;
    const char *ahead = image + (tile + 1) * r->ahead + 2 * BLOCK * channel_bytes;
    if (r->packed != 0) {
      const packing_t *packing = (const packing_t *)(heap + r->packing) + tile;
      pack_vectors((const vector_t *)(heap + packing->first), packing->count, image, heap + scratch, channels,
                   channel_bytes, r->packed);
    }
    const places_t *places = (const places_t *)(heap + r->places) + tile * (r->lanes / WIDTH);
    for (int32_t v = 0; v * WIDTH < pixels; v++, places++) {
      const size_t at = (size_t)v * WIDTH * 4;
      for (int i = 0; r->ahead != 0 && i < BLOCK * WIDTH * 4 / LINE; i++, ahead += LINE) __builtin_prefetch(ahead, 0, 2);
      int32_t c = 0;
      if (channels == 8) {
        depthwise_8(heap, r, places, x, x_channel, weights, bias, y + at);
        continue;
      }
      for (; c + 4 <= channels; c += 4)
        depthwise_4(heap, r, places, x + c * x_channel, x_channel, weights + c, bias + c, y + at + c * channel_bytes);
      for (; c < channels; c++)
        depthwise_1(heap, r, places, x + c * x_channel, x_channel, weights + c, bias + c, y + at + c * channel_bytes);
    }
    if (is_curve(r->activation))
      activate_floats(y, channels * r->lanes, (const curve_t *)(heap + r->activation));
  }
}
