/* Sparse convolution: see packages/runtime/assembly/convolution.ts, which does the same in WebAssembly. */

#define JOIN_(a, b) a##_##b
#define NAME(a, b) JOIN_(a, b)

/* Bytes of a line of the caches. */
#define LINE 64

/* How many nonzeros ahead they are fetched. */
#define AHEAD 256

/* What rows fetch while they compute. */
typedef struct {
  /* What the tile after this one reads, and how many lines of it each row fetches into the second cache. */
  const char *at;
  int32_t lines;
  /* Whether nonzeros are fetched: those of an image of one tile serve that alone, and come from far away. */
  bool nonzeros;
} ahead_t;

#define VECTORS 1
#include "rows.h"
#define VECTORS 2
#include "rows.h"
#define VECTORS 3
#include "rows.h"
#define VECTORS 4
#include "rows.h"
#define VECTORS 5
#include "rows.h"
#define VECTORS 6
#include "rows.h"
#define VECTORS 7
#include "rows.h"
#define VECTORS 8
#include "rows.h"
#if REGISTERS == 32
#define VECTORS 10
#include "rows.h"
#define VECTORS 12
#include "rows.h"
#define VECTORS 13
#include "rows.h"
#define VECTORS 14
#include "rows.h"
#endif

#define VECTORS 1
#include "quads.h"
#define VECTORS 2
#include "quads.h"
#define VECTORS 3
#include "quads.h"
#if REGISTERS == 32
#define VECTORS 4
#include "quads.h"
#endif

/* All quads of a chunk on one tile: as many vectors at once as registers hold the sums of. */
static void quad_rows(const char *heap, const chunk_t *chunk, int32_t vectors, const char *x, char *y,
                      const char *residual, uint32_t activation) {
  const quad_entry_t *entry = (const quad_entry_t *)(heap + chunk->entries);
  const quad_entry_t *last = (const quad_entry_t *)(heap + chunk->last_entry);
  const quad_nonzero_t *nonzero = (const quad_nonzero_t *)(heap + chunk->nonzeros);
  const bool first = chunk->flags & SUMS_START;
  for (; entry < last; entry++) {
    int32_t done = 0;
    while (done < vectors) {
      const size_t at = (size_t)done * WIDTH * 4;
      const char *start = residual == NULL ? NULL : residual + at;
      const int32_t left = vectors - done;
#if REGISTERS == 32
      if (left >= 4) {
        quads_4(heap, entry, nonzero, x + at, y + at, start, first, activation);
        done += 4;
        continue;
      }
#endif
      if (left >= 3) {
        quads_3(heap, entry, nonzero, x + at, y + at, start, first, activation);
        done += 3;
      } else if (left >= 2) {
        quads_2(heap, entry, nonzero, x + at, y + at, start, first, activation);
        done += 2;
      } else {
        quads_1(heap, entry, nonzero, x + at, y + at, start, first, activation);
        done += 1;
      }
    }
    nonzero = (const quad_nonzero_t *)(heap + entry->end);
  }
}

/* All rows of a chunk on one tile, of which so many vectors hold pixels. */
static void chunk_rows(const char *heap, const chunk_t *chunk, int32_t vectors, const char *x, char *y,
                       const char *residual, uint32_t activation, ahead_t ahead) {
  if (chunk->flags & QUADS) {
    quad_rows(heap, chunk, vectors, x, y, residual, activation);
    return;
  }
  switch (vectors) {
    case 1: rows_1(heap, chunk, x, y, residual, activation, ahead); return;
    case 2: rows_2(heap, chunk, x, y, residual, activation, ahead); return;
    case 3: rows_3(heap, chunk, x, y, residual, activation, ahead); return;
    case 4: rows_4(heap, chunk, x, y, residual, activation, ahead); return;
    case 5: rows_5(heap, chunk, x, y, residual, activation, ahead); return;
    case 6: rows_6(heap, chunk, x, y, residual, activation, ahead); return;
    case 7: rows_7(heap, chunk, x, y, residual, activation, ahead); return;
    case 8: rows_8(heap, chunk, x, y, residual, activation, ahead); return;
#if REGISTERS == 32
    case 9:
    case 10: rows_10(heap, chunk, x, y, residual, activation, ahead); return;
    case 11:
    case 12: rows_12(heap, chunk, x, y, residual, activation, ahead); return;
    case 13: rows_13(heap, chunk, x, y, residual, activation, ahead); return;
    case 14: rows_14(heap, chunk, x, y, residual, activation, ahead); return;
#endif
  }
  /* A tile wider than the registers: piece by piece. */
  for (int32_t done = 0; done < vectors; done += 7) {
    const size_t at = (size_t)done * WIDTH * 4;
    chunk_rows(heap, chunk, least(7, vectors - done), x + at, y + at, residual == NULL ? NULL : residual + at,
               activation, done == 0 ? ahead : (ahead_t){0});
  }
}

/* A work item is a group of tiles of one image with one split of the output channels. */
static void convolution(char *heap, address record, int32_t begin, int32_t end, address scratch) {
  const convolution_t *r = (const convolution_t *)(heap + record);
  if (r->when != 0 && load_word(heap + r->when) == 0) return;
  const size_t channel_bytes = (size_t)r->lanes * 4;
  const uint32_t plain = is_curve(r->activation) ? LINEAR : r->activation;
  for (int32_t item = begin; item < end; item++) {
    const split_t *split = (const split_t *)(heap + r->split_table) + item % r->splits;
    const int32_t position = item / r->splits;
    const size_t image = position / r->groups;
    const group_t *group = (const group_t *)(heap + r->group_table) + position % r->groups;
    const char *input = heap + r->input + image * r->input_image;
    char *output = heap + r->output + image * r->output_image;
    const char *residual = r->residual == 0 ? NULL : heap + r->residual + image * r->residual_image;
    for (int32_t c = 0; c < split->count; c++) {
      const chunk_t *chunk = (const chunk_t *)(heap + split->chunks) + c;
      const char *source = input + chunk->first_channel * channel_bytes;
      if (r->packed != 0) {
        pack_vectors((const vector_t *)(heap + group->vectors), group->vector_count, source, heap + scratch,
                     chunk->channels, channel_bytes, r->packed);
      }
      for (int32_t t = 0; t < group->tiles; t++) {
        const size_t tile = group->first_tile + t * group->tile_step;
        const int32_t pixels = least(r->lanes, r->pixels - (int32_t)tile * r->lanes);
        const char *x = r->packed != 0 ? heap + scratch + (size_t)t * r->step : source + tile * r->input_tile;
        ahead_t ahead = {.nonzeros = r->pixels <= r->lanes};
        if (r->packed == 0 && (int32_t)tile + 1 < r->touch) {
          const int32_t rows = (int32_t)((chunk->last_entry - chunk->entries) / sizeof(entry_t));
          const int32_t lines = (int32_t)(chunk->channels * channel_bytes / LINE);
          ahead.at = x + r->input_tile;
          ahead.lines = rows == 0 ? 0 : (lines + rows - 1) / rows;
        }
        chunk_rows(heap, chunk, (pixels + WIDTH - 1) / WIDTH, x, output + tile * r->output_tile,
                   residual == NULL ? NULL : residual + tile * r->residual_tile,
                   chunk->flags & SUMS_END ? plain : LINEAR, ahead);
      }
    }
    if (!is_curve(r->activation)) continue;
    char *rows = output + split->first_output * channel_bytes;
    for (int32_t t = 0; t < group->tiles; t++) {
      const size_t tile = group->first_tile + t * group->tile_step;
      activate_floats(rows + tile * r->output_tile, split->outputs * r->lanes,
                      (const curve_t *)(heap + r->activation));
    }
  }
}
