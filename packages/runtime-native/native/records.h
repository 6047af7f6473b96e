/* Records and tables as packages/runtime/src/kernels writes them; packages/runtime/DESIGN.md draws them. */
#ifndef ESPALIER_RECORDS_H
#define ESPALIER_RECORDS_H

#include "memory.h"

/* Tiles that share their packed input (src/kernels/window/write-groups.ts). */
typedef struct {
  address vectors;
  int32_t vector_count;
  int32_t first_tile;
  int32_t tile_step;
  int32_t tiles;
} group_t;

/*
 * A vector of the packed input: the floats of a mask are read, `step` floats apart; the others become 0, or stay as they
 * are where it is merged (src/kernels/window/packers.ts).
 */
typedef struct {
  int32_t source;
  uint32_t target;
  uint32_t mask;
  int32_t step;
} vector_t;

#define MERGED 0x80000000u

/* Chunks of one range of output channels (src/kernels/convolution/pattern.ts). */
typedef struct {
  address chunks;
  int32_t count;
  int32_t first_output;
  int32_t outputs;
} split_t;

enum { SUMS_START = 1, SUMS_END = 2, QUADS = 4 };

/* A range of input channels. */
typedef struct {
  address entries;
  address last_entry;
  address nonzeros;
  int32_t first_channel;
  int32_t channels;
  int32_t flags;
  int32_t count;
} chunk_t;

/* A row of a chunk: its byte offset in the output tile, where its nonzeros end, its bias. */
typedef struct {
  uint32_t offset;
  address end;
  float bias;
} entry_t;

typedef struct {
  uint32_t offset;
  float weight;
} nonzero_t;

/* Four rows of a chunk without zeros. */
typedef struct {
  address end;
  struct {
    uint32_t offset;
    float bias;
  } rows[4];
} quad_entry_t;

typedef struct {
  uint32_t offset;
  float weights[4];
} quad_nonzero_t;

/* In the order of the words that src/kernels/convolution/convolution.ts writes. */
typedef struct {
  int32_t lanes;
  int32_t groups;
  int32_t splits;
  address group_table;
  address split_table;
  address input;
  uint32_t input_tile;
  uint32_t packed;
  uint32_t step;
  address output;
  uint32_t output_tile;
  address residual;
  uint32_t residual_tile;
  uint32_t activation;
  uint32_t input_image;
  uint32_t output_image;
  uint32_t residual_image;
  int32_t touch;
  address when;
  int32_t pixels;
} convolution_t;

/*
 * A vector of pixels that lies under a tap: where it begins in the input's first channel, and which of its floats there
 * are. Bits of a mask are spread to every other one where pixels are two floats apart.
 */
typedef struct {
  int32_t source;
  uint32_t mask;
  int32_t tap;
} place_t;

/* The places of one vector of the output. */
typedef struct {
  address first;
  int32_t count;
} places_t;

/* The vectors that a tile packs. */
typedef struct {
  address first;
  int32_t count;
} packing_t;

/* In the order of the words that src/kernels/depthwise/depthwise.ts writes. */
typedef struct {
  int32_t lanes;
  /* Blocks of channels: work items are tiles times blocks. */
  int32_t blocks;
  int32_t channels;
  int32_t pixels;
  /* For every vector of every tile of the output. */
  address places;
  /* Of all blocks: tap by tap the weights of a block's channels side by side. */
  address weights;
  int32_t taps;
  address bias;
  address input;
  /* Bytes from a tile of the input to the next, which is fetched ahead; 0: it is not. */
  uint32_t ahead;
  /* Bytes of scratch memory for a channel, to which places then refer; 0 where the input is read in place. */
  uint32_t packed;
  /* For every tile the vectors to pack; 0: none. */
  address packing;
  address output;
  uint32_t output_tile;
  uint32_t activation;
} depthwise_t;

/* In the order of the words that src/kernels/pool.ts writes. */
typedef struct {
  int32_t lanes;
  int32_t blocks;
  int32_t channels;
  int32_t pixels;
  address places;
  int32_t step;
  address input;
  address output;
  uint32_t output_tile;
  /* One factor for every pixel, `[tile][lane]`, for averages; 0: maximum. */
  address factors;
} window_pool_t;

/* In the order of the words that src/kernels/dense.ts writes. */
typedef struct {
  address rows;
  int32_t outputs;
  int32_t inputs;
  address x;
  address y;
  uint32_t activation;
} dense_t;

/* Where the weights of an output begin, which is where those before end; its bias. */
typedef struct {
  address weights;
  float bias;
} dense_row_t;

/* An activation that is applied to what was stored (src/kernels/activation-codes.ts). */
typedef struct {
  int32_t code;
  float a;
  float b;
  float c;
} curve_t;

/* The largest activation that is a word; all others are addresses of a curve. */
enum { LINEAR = 0, RELU = 1, RELU6 = 2 };

static inline bool is_curve(uint32_t activation) { return activation > RELU6; }

#endif
